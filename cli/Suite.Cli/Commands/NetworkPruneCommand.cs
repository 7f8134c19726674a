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
        : base("prune", "[OPTIONS]", "Remove networks that no container uses")
    {
        _force = Flag("--force", "Do not ask", "-f");
        _filter = List("--filter", "label=NAME[=VALUE]", "Only those with this label");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var filter = Filters.Parse(call.Get(_filter), "label");
        if (!call.Get(_force) && !await Question.AskAsync(call, "This removes all networks that no container uses.", cancellationToken))
            return ExitCodes.Failure;
        var pruned = await call.Services.Network.PruneNetworksAsync(
            new PruneNetworksRequest { Labels = { filter.Of("label") } }, cancellationToken: cancellationToken);
        foreach (var name in pruned.Removed)
            await call.Out.WriteLineAsync(name);
        return ExitCodes.Success;
    }
}
