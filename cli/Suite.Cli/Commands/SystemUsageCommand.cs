using System.CommandLine;
using Suite.Cli.Output;
using Suite.Container.V1;
using Suite.Graph.V1;
using Suite.Linux.Files;

namespace Suite.Cli.Commands;

internal sealed class SystemUsageCommand : SuiteCommand
{
    private readonly Option<bool> _verbose;

    public SystemUsageCommand()
        : base("df", "[OPTIONS]", "Show what images, containers and volumes take on disk")
    {
        _verbose = Flag("--verbose", "Each image", "-v");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var usage = await call.Services.Images.DiskUsageAsync(new DiskUsageRequest(), cancellationToken: cancellationToken);
        var table = new Table("TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE").Yielding("ACTIVE", "TOTAL");
        Add("Images", usage.Images);
        Add("Containers", usage.Rootfs);
        await AddVolumesAsync(call, table, cancellationToken);
        table.Write(call.Out, call.Session.Streams.Columns);
        if (!call.Get(_verbose)) return ExitCodes.Success;

        await call.Out.WriteLineAsync();
        var images = new Table("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS").Yielding("CREATED", "CONTAINERS", "SHARED SIZE");
        foreach (var image in usage.ImageUsages)
        {
            foreach (var (repository, tag) in ImageNames.Of(image.Image))
                images.Add(
                    repository, tag, Figures.ShortId(image.Image.Id), Figures.Ago(image.Image.CreatedAt, call.Session.Time),
                    Figures.Size(image.SharedBytes), Figures.Size(image.UniqueBytes), $"{image.Rootfs}");
        }

        images.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;

        void Add(string type, DiskShare share) => table.Add(
            type, $"{share.Count}", $"{share.Active}", Figures.Size(share.Bytes),
            Figures.Size(share.ReclaimableBytes) + (share.Bytes == 0 ? "" : $" ({share.ReclaimableBytes * 100 / share.Bytes}%)"));
    }

    private static async Task AddVolumesAsync(Invocation call, Table table, CancellationToken cancellationToken)
    {
        var volumes = (await call.Services.Volumes.ListVolumesAsync(new ListVolumesRequest(), cancellationToken: cancellationToken)).Volumes
            .Select(v => (Used: v.Containers.Count > 0, Bytes: Directory.Exists(v.Path) ? FileTree.Usage(v.Path).Bytes : 0)).ToList();
        var (all, free) = (Sum(volumes), Sum(volumes.Where(v => !v.Used)));
        table.Add("Local Volumes", $"{volumes.Count}", $"{volumes.Count(v => v.Used)}", Figures.Size(all), Figures.Size(free) + (all == 0 ? "" : $" ({free * 100 / all}%)"));

        static ulong Sum(IEnumerable<(bool Used, ulong Bytes)> some) => some.Aggregate(0UL, (sum, v) => sum + v.Bytes);
    }
}
