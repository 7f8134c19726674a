using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Suite.Container.V1;

namespace Suite.Cli.Streams;

/// <summary>The streams of a container's first process.</summary>
internal sealed class AttachedStreams : ProcessStreams
{
    private readonly AsyncDuplexStreamingCall<AttachRequest, AttachResponse> _call;

    private AttachedStreams(AsyncDuplexStreamingCall<AttachRequest, AttachResponse> call) => _call = call;

    public static async Task<AttachedStreams> OpenAsync(
        Containers.ContainersClient containers, AttachOptions options, CancellationToken cancellationToken)
    {
        var call = containers.Attach(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new AttachRequest { Options = options }, cancellationToken);
        return new AttachedStreams(call);
    }

    public override async IAsyncEnumerable<ProcessEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in _call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return new ProcessEvent(
                message.EventCase == AttachResponse.EventOneofCase.Attached,
                message.EventCase == AttachResponse.EventOneofCase.Output ? message.Output : null,
                message.HasExitCode ? message.ExitCode : null);
        }
    }

    public override void Dispose()
    {
        _call.Dispose();
        base.Dispose();
    }

    protected override Task WriteInputAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        _call.RequestStream.WriteAsync(new AttachRequest { Stdin = ByteString.CopyFrom(input.Span) }, cancellationToken);

    protected override Task WriteEndAsync(CancellationToken cancellationToken) =>
        _call.RequestStream.WriteAsync(new AttachRequest { StdinEnd = true }, cancellationToken);

    protected override Task WriteSizeAsync(TerminalSize size, CancellationToken cancellationToken) =>
        _call.RequestStream.WriteAsync(new AttachRequest { Size = size }, cancellationToken);
}
