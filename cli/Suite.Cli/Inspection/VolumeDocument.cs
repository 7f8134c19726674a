using System.Text.Json.Nodes;
using Suite.Cli.Output;
using Suite.Container.V1;

namespace Suite.Cli.Inspection;

/// <summary>A volume as `volume inspect` prints it.</summary>
internal static class VolumeDocument
{
    public static JsonObject From(VolumeInfo volume) => new()
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
