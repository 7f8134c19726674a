using System.CommandLine;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkRemoveCommand : SuiteCommand
{
    private readonly Argument<string[]> _networks;

    public NetworkRemoveCommand()
        : base("rm", "NETWORK...", "Remove networks that nothing is connected to") =>
        _networks = Several("NETWORK");

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_networks), async name =>
        {
            await call.Services.Network.RemoveNetworkAsync(new RemoveNetworkRequest { Network = name }, cancellationToken: cancellationToken);
            return name;
        });
}
