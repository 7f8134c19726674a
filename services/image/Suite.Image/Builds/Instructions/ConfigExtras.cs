using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Oci.Images;

namespace Suite.Image.Builds.Instructions;

/// <summary>What Docker's configurations have beside those of the image specification: Shell, OnBuild, Healthcheck.</summary>
internal static class ConfigExtras
{
    public static IReadOnlyList<string> Shell(this ContainerConfig config) => List(config, "Shell") is { Count: > 0 } shell ? shell : ["/bin/sh", "-c"];

    public static bool HasShell(this ContainerConfig config) => List(config, "Shell").Count > 0;

    public static IReadOnlyList<string> OnBuild(this ContainerConfig config) => List(config, "OnBuild");

    public static ContainerConfig WithShell(this ContainerConfig config, IReadOnlyList<string> shell) => With(config, "Shell", Array(shell));

    public static ContainerConfig WithOnBuild(this ContainerConfig config, IReadOnlyList<string> triggers) =>
        With(config, "OnBuild", triggers.Count > 0 ? Array(triggers) : null);

    public static ContainerConfig WithHealthcheck(this ContainerConfig config, Healthcheck check)
    {
        var json = new JsonObject { ["Test"] = Array(check.Test) };
        if (check.Interval > 0) json["Interval"] = check.Interval;
        if (check.Timeout > 0) json["Timeout"] = check.Timeout;
        if (check.StartPeriod > 0) json["StartPeriod"] = check.StartPeriod;
        if (check.StartInterval > 0) json["StartInterval"] = check.StartInterval;
        if (check.Retries > 0) json["Retries"] = check.Retries;
        return With(config, "Healthcheck", json);
    }

    private static IReadOnlyList<string> List(ContainerConfig config, string name) =>
        config.Others?.TryGetValue(name, out var found) == true && found.ValueKind == JsonValueKind.Array
            ? [.. found.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)]
            : [];

    private static ContainerConfig With(ContainerConfig config, string name, JsonNode? value)
    {
        // In one order, so that the same instructions give the same image.
        var others = new SortedDictionary<string, JsonElement>(config.Others ?? [], StringComparer.Ordinal);
        if (value is null) others.Remove(name);
        else others[name] = JsonDocument.Parse(value.ToJsonString()).RootElement;
        return config with { Others = others.Count > 0 ? new Dictionary<string, JsonElement>(others) : null };
    }

    private static JsonArray Array(IReadOnlyList<string> values) => new([.. values.Select(v => (JsonNode)JsonValue.Create(v))]);
}
