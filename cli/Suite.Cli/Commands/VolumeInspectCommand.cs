using System.CommandLine;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Commands;

internal sealed class VolumeInspectCommand : SuiteCommand
{
    private readonly Option<string?> _format;
    private readonly Argument<string[]> _names;

    public VolumeInspectCommand()
        : base("inspect", "[OPTIONS] VOLUME...", "Print all about volumes as JSON")
    {
        _format = Text("--format", "TEMPLATE", "Print fields, for example {{.Mountpoint}}", "-f");
        _names = Several("VOLUME");
    }

    public override Task<int> RunAsync(Invocation call, CancellationToken cancellationToken) =>
        Documents.PrintAsync(call, call.Get(_names), call.Get(_format), async name =>
        {
            var found = await call.Services.Volumes.InspectVolumeAsync(new InspectVolumeRequest { Name = name }, cancellationToken: cancellationToken);
            return Describe(found.Volume);
        });

    private static JsonObject Describe(VolumeInfo volume) => new()
    {
        ["Name"] = volume.Name,
        ["Driver"] = "local",
        ["Mountpoint"] = volume.Path,
        ["CreatedAt"] = Timestamps.Rfc3339(volume.CreatedAt),
        ["Labels"] = Documents.Map(volume.Labels),
        ["Scope"] = "local",
        ["Anonymous"] = volume.Anonymous,
        ["Containers"] = new JsonArray([.. volume.Containers.Select(name => (JsonNode?)JsonValue.Create(name))]),
    };
}
