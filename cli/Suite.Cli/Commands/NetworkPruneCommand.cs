using System.CommandLine;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class NetworkPruneCommand : SuiteCommand
{
    private readonly Option<bool> _force;
    private readonly Option<string[]> _filter;

    public NetworkPruneCommand()
        : base("prune", "[OPTIONS]", "Remove every network that nothing is connected to, but for those built in")
    {
        _filter = List("--filter", "NAME=VALUE", PruneFilter.Description);
        _force = Flag("--force", "Do not ask", "-f");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var filter = PruneFilter.Parse(call.Get(_filter), call.Session.Time);
        var request = new PruneNetworksRequest { Labels = { filter.Labels }, Until = filter.Until };
        if (!call.Get(_force) && !await Question.AskAsync(call, "This removes all networks that nothing is connected to.", cancellationToken))
            return ExitCodes.Failure;
        var answer = await call.Services.Network.PruneNetworksAsync(request, cancellationToken: cancellationToken);
        foreach (var name in answer.Removed)
            await call.Out.WriteLineAsync(name);
        return ExitCodes.Success;
    }
}
