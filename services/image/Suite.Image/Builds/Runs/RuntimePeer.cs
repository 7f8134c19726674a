using Grpc.Core;
using Suite.Container.V1;
using Suite.Hosting;
using Suite.Hosting.Clients;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Runs;

/// <summary>suite-runtime, as far as builds need it: a container that runs once.</summary>
internal sealed class RuntimePeer(SuitePaths paths) : IDisposable
{
    private readonly ServiceChannel _channel = ServiceChannel.Connect(paths.SocketPath("runtime"));

    private Containers.ContainersClient Client => new(_channel.Invoker);

    public async Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken) =>
        (await Client.CreateAsync(new CreateRequest { Spec = spec }, cancellationToken: cancellationToken).ConfigureAwait(false)).Id;

    /// <summary>Starts it, hands on what it prints, and answers its exit code.</summary>
    public async Task<int> RunAsync(string id, Func<ReadOnlyMemory<byte>, bool, Task> print, CancellationToken cancellationToken)
    {
        using var attached = Client.Attach(cancellationToken: cancellationToken);
        await attached.RequestStream.WriteAsync(new AttachRequest { Options = new AttachOptions { Container = id } }, cancellationToken).ConfigureAwait(false);
        int? exit = null;
        while (await attached.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var e = attached.ResponseStream.Current;
            switch (e.EventCase)
            {
                case AttachResponse.EventOneofCase.Attached:
                    await Client.StartAsync(new StartRequest { Container = id }, cancellationToken: cancellationToken).ConfigureAwait(false);
                    break;
                case AttachResponse.EventOneofCase.Output:
                    await print(e.Output.Data.Memory, e.Output.Stream == Container.V1.Stream.Stderr).ConfigureAwait(false);
                    break;
                case AttachResponse.EventOneofCase.ExitCode:
                    exit = e.ExitCode;
                    break;
            }
        }

        return exit ?? throw new SuiteException(ErrorKind.Unavailable, "suite-runtime ended the connection before the command had ended: see its log, then build again.");
    }

    /// <summary>Unknown is no error.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await Client.RemoveAsync(new RemoveRequest { Container = name, Force = true, Volumes = true }, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SuiteException { Kind: ErrorKind.NotFound } or RpcException { StatusCode: StatusCode.NotFound })
        {
        }
    }

    public void Dispose() => _channel.Dispose();
}
