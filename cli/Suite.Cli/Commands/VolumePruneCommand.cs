using System.CommandLine;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class VolumePruneCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _force;
    private readonly Option<string[]> _filter;

    public VolumePruneCommand()
        : base("prune", "[OPTIONS]", "Remove volumes that no container uses")
    {
        _all = Flag("--all", "Those with a name of their own, too", "-a");
        _force = Flag("--force", "Do not ask", "-f");
        _filter = List("--filter", "label=NAME[=VALUE]", "Only those with this label");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var filter = Filters.Parse(call.Get(_filter), "label");
        var which = call.Get(_all) ? "all volumes" : "the volumes without a name of their own";
        if (!call.Get(_force) && !await Question.AskAsync(call, $"This removes {which} that no container uses.", cancellationToken))
            return ExitCodes.Failure;
        var pruned = await call.Services.Volumes.PruneVolumesAsync(
            new PruneVolumesRequest { All = call.Get(_all), Labels = { filter.Of("label") } }, cancellationToken: cancellationToken);
        foreach (var name in pruned.Names)
            await call.Out.WriteLineAsync(name);
        await call.Out.WriteLineAsync($"Total reclaimed space: {Figures.Size(pruned.ReclaimedBytes)}");
        return ExitCodes.Success;
    }
}
