using System.CommandLine;
using Grpc.Core;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkRemoveCommand : SuiteCommand
{
    private readonly Option<bool> _force;
    private readonly Argument<string[]> _networks;

    public NetworkRemoveCommand()
        : base("rm", "[OPTIONS] NETWORK...", "Remove networks that nothing is connected to")
    {
        _force = Flag("--force", "One that is not there is no failure", "-f");
        _networks = Several("NETWORK");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        call.ForEachAsync(call.Get(_networks), async name =>
        {
            try
            {
                await call.Services.Network.RemoveNetworkAsync(new RemoveNetworkRequest { Network = name }, cancellationToken: cancellationToken);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound && call.Get(_force))
            {
                // As wished.
            }

            return name;
        });
}
