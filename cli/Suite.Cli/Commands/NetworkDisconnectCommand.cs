using System.CommandLine;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkDisconnectCommand : SuiteCommand
{
    private readonly Argument<string> _network;
    private readonly Argument<string> _container;

    public NetworkDisconnectCommand()
        : base("disconnect", "NETWORK CONTAINER", "Take a running container off a network")
    {
        _network = One("NETWORK");
        _container = One("CONTAINER");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var sandbox = await ContainerSandbox.FindAsync(call, call.Get(_container), cancellationToken);
        await call.Services.Network.DisconnectAsync(new DisconnectRequest { SandboxId = sandbox, Network = call.Get(_network) }, cancellationToken: cancellationToken);
        return ExitCodes.Success;
    }
}
