using System.CommandLine;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class ImagePruneCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _force;
    private readonly Option<bool> _dryRun;
    private readonly Option<string[]> _filter;

    public ImagePruneCommand()
        : base("prune", "[OPTIONS]", "Remove images that no container uses")
    {
        _all = Flag("--all", "Also those with a name", "-a");
        _force = Flag("--force", "Do not ask", "-f");
        _dryRun = Flag("--dry-run", "Say what would go, and remove nothing");
        _filter = List("--filter", "NAME=VALUE", PruneFilter.Description);
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var dry = call.Get(_dryRun);
        var filter = PruneFilter.Parse(call.Get(_filter), call.Session.Time);
        var which = $"all images {(call.Get(_all) ? "" : "without a name ")}that no container uses";
        if (!dry && !call.Get(_force) && !await Question.AskAsync(call, $"This removes {which}.", cancellationToken))
            return ExitCodes.Failure;
        var pruned = await call.Services.Images.PruneAsync(new PruneRequest { All = call.Get(_all), DryRun = dry, Labels = { filter.Labels }, Until = filter.Until }, cancellationToken: cancellationToken);
        foreach (var name in pruned.Untagged)
            await call.Out.WriteLineAsync($"Untagged: {ImageNames.Familiar(name)}");
        foreach (var id in pruned.Deleted)
            await call.Out.WriteLineAsync($"Deleted: {id}");
        await call.Out.WriteLineAsync($"{(dry ? "Reclaimable" : "Total reclaimed")} space: {Figures.Size(pruned.ReclaimedBytes)}");
        return ExitCodes.Success;
    }
}
