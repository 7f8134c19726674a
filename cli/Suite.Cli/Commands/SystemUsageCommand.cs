using System.CommandLine;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Container.V1;
using Suite.Linux.Files;

namespace Suite.Cli.Commands;

internal sealed class SystemUsageCommand : SuiteCommand
{
    private readonly Option<string?> _format;

    public SystemUsageCommand()
        : base("df", "[OPTIONS]", "Show what images, containers and volumes take")
    {
        _format = Text("--format", "TEMPLATE", "json, \"table TEMPLATE\", or a template such as {{.Type}}: {{.Size}}");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var containers = (await call.Services.Containers.ListAsync(new ListRequest { All = true }, cancellationToken: cancellationToken)).Containers;
        var images = (await call.Services.Images.ListAsync(new Graph.V1.ListRequest(), cancellationToken: cancellationToken)).Images;
        var volumes = (await call.Services.Volumes.ListVolumesAsync(new ListVolumesRequest(), cancellationToken: cancellationToken)).Volumes;
        var rows = new Listing(
            call.Get(_format),
            ("TYPE", "{{.Type}}"), ("TOTAL", "{{.TotalCount}}"), ("ACTIVE", "{{.Active}}"), ("SIZE", "{{.Size}}"), ("RECLAIMABLE", "{{.Reclaimable}}"));

        var used = containers.Select(c => c.ImageId).ToHashSet();
        rows.Add(Row("Images", images.Select(i => (used.Contains(i.Id), i.Size))));
        var layers = new List<(bool, ulong)>();
        foreach (var container in containers)
            layers.Add((container.State is State.Running or State.Paused, await LayerAsync(call, container.Id, cancellationToken)));
        rows.Add(Row("Containers", layers));
        rows.Add(Row("Local Volumes", volumes.Select(v => (v.Containers.Count > 0, Directory.Exists(v.Path) ? (ulong)FileTree.Usage(v.Path).Bytes : 0))));
        rows.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    private static async Task<ulong> LayerAsync(Invocation call, string container, CancellationToken cancellationToken)
    {
        try
        {
            return (await call.Services.Graph.RootfsUsageAsync(new Graph.V1.RootfsUsageRequest { Key = container }, cancellationToken: cancellationToken)).UsedBytes;
        }
        catch (Grpc.Core.RpcException e) when (e.StatusCode == Grpc.Core.StatusCode.NotFound)
        {
            // Removed since it was listed.
            return 0;
        }
    }

    private static JsonObject Row(string type, IEnumerable<(bool Active, ulong Size)> things)
    {
        var all = things.ToList();
        var (size, free) = (all.Aggregate(0UL, (sum, t) => sum + t.Size), all.Where(t => !t.Active).Aggregate(0UL, (sum, t) => sum + t.Size));
        return new JsonObject
        {
            ["Type"] = type,
            ["TotalCount"] = $"{all.Count}",
            ["Active"] = $"{all.Count(t => t.Active)}",
            ["Size"] = Figures.Size(size),
            ["Reclaimable"] = size == 0 ? Figures.Size(free) : $"{Figures.Size(free)} ({free * 100 / size}%)",
        };
    }
}
