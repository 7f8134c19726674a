using System.CommandLine;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class VolumeListCommand : SuiteCommand
{
    private readonly Option<bool> _quiet;
    private readonly Option<string[]> _filter;
    private readonly Option<string?> _format;

    public VolumeListCommand()
        : base("ls", "[OPTIONS]", "List volumes")
    {
        _quiet = Flag("--quiet", "Print names only", "-q");
        _filter = List("--filter", "NAME=VALUE", "Only with this dangling, label or name", "-f");
        _format = Text("--format", "TEMPLATE", "json, \"table TEMPLATE\", or a template such as {{.Name}}");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var filter = Filters.Parse(call.Get(_filter), "dangling", "label", "name");
        var list = await call.Services.Volumes.ListVolumesAsync(new ListVolumesRequest(), cancellationToken: cancellationToken);
        var rows = new Listing(call.Get(_quiet) ? "{{.Name}}" : call.Get(_format), ("DRIVER", "{{.Driver}}"), ("VOLUME NAME", "{{.Name}}")).Yielding("DRIVER");
        foreach (var volume in list.Volumes.Where(v => Matches(filter, v)))
        {
            rows.Add(new JsonObject
            {
                ["Driver"] = "local",
                ["Name"] = volume.Name,
                ["Mountpoint"] = volume.Path,
                ["Scope"] = "local",
                ["Labels"] = string.Join(',', volume.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")),
                ["Links"] = $"{volume.Containers.Count}",
            });
        }

        rows.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    private static bool Matches(Filters filter, VolumeInfo volume) =>
        filter.Any("name", value => Filters.IsFound(value, volume.Name))
        && filter.All("label", value => Filters.HasLabel(volume.Labels, value))
        && filter.Any("dangling", value => (value is "true" or "1") == (volume.Containers.Count == 0));
}
