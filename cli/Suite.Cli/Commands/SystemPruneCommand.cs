using System.CommandLine;
using Suite.Cli.Output;
using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Network.V1;

namespace Suite.Cli.Commands;

internal sealed class SystemPruneCommand : SuiteCommand
{
    private readonly Option<bool> _all;
    private readonly Option<bool> _force;
    private readonly Option<bool> _volumes;
    private readonly Option<string[]> _filter;

    public SystemPruneCommand()
        : base("prune", "[OPTIONS]", "Remove what nobody uses: containers that do not run, networks, images without a name, what builds keep")
    {
        _all = Flag("--all", "And images with a name that no container uses", "-a");
        _force = Flag("--force", "Do not ask", "-f");
        _volumes = Flag("--volumes", "And volumes without a name of their own");
        _filter = List("--filter", "NAME=VALUE", PruneFilter.Description + "; of volumes the label alone");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var filter = PruneFilter.Parse(call.Get(_filter), call.Session.Time);
        var more = call.Get(_volumes) ? ", volumes without a name of their own that no container uses" : "";
        var images = call.Get(_all) ? "images that no container uses" : "images without a name";
        if (!call.Get(_force) && !await Question.AskAsync(call, $"This removes all containers that do not run, networks that nobody uses{more}, {images}, and what builds keep.", cancellationToken))
            return ExitCodes.Failure;

        var containers = await call.Services.Containers.PruneAsync(new PruneRequest { Labels = { filter.Labels }, Until = filter.Until }, cancellationToken: cancellationToken);
        await PrintAsync(call, "Deleted Containers", containers.Ids);
        var networks = await call.Services.Network.PruneNetworksAsync(new PruneNetworksRequest { Labels = { filter.Labels }, Until = filter.Until }, cancellationToken: cancellationToken);
        await PrintAsync(call, "Deleted Networks", networks.Removed);
        var reclaimed = containers.ReclaimedBytes;
        if (call.Get(_volumes))
        {
            var volumes = await call.Services.Volumes.PruneVolumesAsync(new PruneVolumesRequest { Labels = { filter.Labels } }, cancellationToken: cancellationToken);
            await PrintAsync(call, "Deleted Volumes", volumes.Names);
            reclaimed += volumes.ReclaimedBytes;
        }

        var pruned = await call.Services.Images.PruneAsync(new Graph.V1.PruneRequest { All = call.Get(_all), Labels = { filter.Labels }, Until = filter.Until }, cancellationToken: cancellationToken);
        await PrintAsync(call, "Deleted Images", [.. pruned.Untagged.Select(name => $"untagged: {ImageNames.Familiar(name)}"), .. pruned.Deleted.Select(id => $"deleted: {id}")]);
        reclaimed += pruned.ReclaimedBytes;
        // What builds keep has no labels.
        if (filter.Labels.Count == 0)
        {
            var builds = await call.Services.Images.PruneBuildsAsync(new Graph.V1.PruneBuildsRequest { UnusedSince = filter.Until / 1_000_000_000 }, cancellationToken: cancellationToken);
            await PrintAsync(call, "Deleted build cache", [.. builds.Removed.Select(b => b.What)]);
            reclaimed += builds.ReclaimedBytes;
        }

        await call.Out.WriteLineAsync($"Total reclaimed space: {Figures.Size(reclaimed)}");
        return ExitCodes.Success;
    }

    private static async Task PrintAsync(Invocation call, string heading, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return;
        await call.Out.WriteLineAsync($"{heading}:\n{string.Join('\n', names)}\n");
    }
}
