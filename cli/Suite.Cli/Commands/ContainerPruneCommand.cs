using System.CommandLine;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class ContainerPruneCommand : SuiteCommand
{
    private readonly Option<bool> _force;
    private readonly Option<string[]> _filter;

    public ContainerPruneCommand()
        : base("prune", "[OPTIONS]", "Remove containers that do not run")
    {
        _force = Flag("--force", "Do not ask", "-f");
        _filter = List("--filter", "NAME=VALUE", PruneFilter.Description);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var filter = PruneFilter.Parse(call.Get(_filter), call.Session.Time);
        if (!call.Get(_force) && !await Question.AskAsync(call, "This removes all containers that do not run.", cancellationToken))
            return ExitCodes.Failure;
        var request = new PruneRequest { Labels = { filter.Labels }, Until = filter.Until };
        var pruned = await call.Services.Containers.PruneAsync(request, cancellationToken: cancellationToken);
        foreach (var id in pruned.Ids)
            await call.Out.WriteLineAsync(id);
        await call.Out.WriteLineAsync($"Total reclaimed space: {Figures.Size(pruned.ReclaimedBytes)}");
        return ExitCodes.Success;
    }
}
