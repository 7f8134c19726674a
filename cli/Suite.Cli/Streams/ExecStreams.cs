using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;

namespace Suite.Cli.Streams;

/// <summary>The streams of one more process in a container.</summary>
internal sealed class ExecStreams : ProcessStreams
{
    private readonly AsyncDuplexStreamingCall<ExecRequest, ExecResponse> _call;

    private ExecStreams(AsyncDuplexStreamingCall<ExecRequest, ExecResponse> call) => _call = call;

    public static async Task<ExecStreams> OpenAsync(
        Containers.ContainersClient containers, ExecOptions options, CancellationToken cancellationToken)
    {
        var call = containers.Exec(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new ExecRequest { Options = options }, cancellationToken);
        return new ExecStreams(call);
    }

    public override async IAsyncEnumerable<ProcessEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in _call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return new ProcessEvent(
                message.EventCase == ExecResponse.EventOneofCase.Started,
                message.EventCase == ExecResponse.EventOneofCase.Output ? message.Output : null,
                message.HasExitCode ? message.ExitCode : null);
        }
    }

    public override void Dispose()
    {
        _call.Dispose();
        base.Dispose();
    }

    protected override Task WriteInputAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        _call.RequestStream.WriteAsync(new ExecRequest { Stdin = ByteString.CopyFrom(input.Span) }, cancellationToken);

    protected override Task WriteEndAsync(CancellationToken cancellationToken) =>
        _call.RequestStream.WriteAsync(new ExecRequest { StdinEnd = true }, cancellationToken);

    protected override Task WriteSizeAsync(TerminalSize size, CancellationToken cancellationToken) =>
        _call.RequestStream.WriteAsync(new ExecRequest { Size = size }, cancellationToken);

    protected override async Task<bool> WriteLeaveAsync(CancellationToken cancellationToken)
    {
        await _call.RequestStream.WriteAsync(new ExecRequest { Leave = true }, cancellationToken);
        return true;
    }
}
