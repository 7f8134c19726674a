using System.CommandLine;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Container.V1;
using Suite.Graph.V1;
using Suite.Linux.Errors;
using Suite.Linux.Files;

namespace Suite.Cli.Commands;

internal sealed class SystemUsageCommand : SuiteCommand
{
    private readonly Option<bool> _verbose;
    private readonly Option<string?> _format;

    public SystemUsageCommand()
        : base("df", "[OPTIONS]", "Show what images, containers, volumes and the cache of builds take on disk")
    {
        _verbose = Flag("--verbose", "Each image", "-v");
        _format = Text("--format", "TEMPLATE", "json, \"table TEMPLATE\", or a template such as {{.Type}}: {{.Size}}");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        if (call.Get(_verbose) && call.Get(_format) is not null)
            throw new SuiteException(ErrorKind.InvalidArgument, "--verbose and --format exclude each other: the one prints tables of its own");
        var rows = new Listing(
            call.Get(_format),
            ("TYPE", "{{.Type}}"), ("TOTAL", "{{.TotalCount}}"), ("ACTIVE", "{{.Active}}"), ("SIZE", "{{.Size}}"), ("RECLAIMABLE", "{{.Reclaimable}}")).Yielding("ACTIVE", "TOTAL");
        var usage = await call.Services.Images.DiskUsageAsync(new DiskUsageRequest(), cancellationToken: cancellationToken);
        rows.Add(Row("Images", usage.Images));
        rows.Add(Row("Containers", await ContainersAsync(call, usage.Rootfs, cancellationToken)));
        rows.Add(Row("Local Volumes", await VolumesAsync(call, cancellationToken)));
        rows.Add(Row("Build Cache", await BuildsAsync(call, cancellationToken)));
        rows.Write(call.Out, call.Session.Streams.Columns);
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
    }

    private static JsonObject Row(string type, DiskShare share) => new()
    {
        ["Type"] = type,
        ["TotalCount"] = $"{share.Count}",
        ["Active"] = $"{share.Active}",
        ["Size"] = Figures.Size(share.Bytes),
        ["Reclaimable"] = Figures.Size(share.ReclaimableBytes) + (share.Bytes == 0 ? "" : $" ({share.ReclaimableBytes * 100 / share.Bytes}%)"),
    };

    /// <summary>Those are active that run; a pruning would give back what the others have written.</summary>
    private static async Task<DiskShare> ContainersAsync(Invocation call, DiskShare kept, CancellationToken cancellationToken)
    {
        var share = new DiskShare(kept) { Active = 0, ReclaimableBytes = 0 };
        foreach (var container in (await call.Services.Containers.ListAsync(new Container.V1.ListRequest { All = true }, cancellationToken: cancellationToken)).Containers)
        {
            if (ContainerText.IsUp(container.State))
                share.Active++;
            else if (await ContainerSizes.OfAsync(call.Services, container.Id, container.ImageId, cancellationToken) is { } sizes)
                share.ReclaimableBytes += sizes.Written;
        }

        share.ReclaimableBytes = Math.Min(share.ReclaimableBytes, share.Bytes);
        return share;
    }

    private static async Task<DiskShare> VolumesAsync(Invocation call, CancellationToken cancellationToken)
    {
        var share = new DiskShare();
        foreach (var volume in (await call.Services.Volumes.ListVolumesAsync(new ListVolumesRequest(), cancellationToken: cancellationToken)).Volumes)
        {
            var bytes = Directory.Exists(volume.Path) ? FileTree.Usage(volume.Path).Bytes : 0;
            var used = volume.Containers.Count > 0;
            (share.Count, share.Bytes) = (share.Count + 1, share.Bytes + bytes);
            (share.Active, share.ReclaimableBytes) = used ? (share.Active + 1, share.ReclaimableBytes) : (share.Active, share.ReclaimableBytes + bytes);
        }

        return share;
    }

    /// <summary>All that a pruning of it would remove: nothing of it is in use between two builds.</summary>
    private static async Task<DiskShare> BuildsAsync(Invocation call, CancellationToken cancellationToken)
    {
        var builds = await call.Services.Images.PruneBuildsAsync(new PruneBuildsRequest { DryRun = true }, cancellationToken: cancellationToken);
        return new DiskShare { Count = (uint)builds.Removed.Count, Bytes = builds.ReclaimedBytes, ReclaimableBytes = builds.ReclaimedBytes };
    }
}
