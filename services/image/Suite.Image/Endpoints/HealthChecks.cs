using System.Text.Json;
using Suite.Graph.V1;

namespace Suite.Image.Endpoints;

/// <summary>
/// An image's Healthcheck, which the OCI specification leaves to Docker: a test of CMD, CMD-SHELL or NONE and its arguments, and
/// spans in nanoseconds. An image may bring anything; what is no health check is none.
/// </summary>
internal static class HealthChecks
{
    public static HealthCheck? Of(Oci.Images.ContainerConfig config)
    {
        if (config.Others?.GetValueOrDefault("Healthcheck") is not { ValueKind: JsonValueKind.Object } health || !health.TryGetProperty("Test", out var test))
            return null;
        var check = Strings(test) switch
        {
            ["NONE"] => new HealthCheck(),
            ["CMD", _, ..] and [_, .. var command] => new HealthCheck { Test = { command } },
            ["CMD-SHELL", var line] => new HealthCheck { Test = { Shell(config), line }, Shell = true },
            _ => null,
        };
        if (check is not { Test.Count: > 0 })
            return check;
        check.Interval = Number(health, "Interval");
        check.Timeout = Number(health, "Timeout");
        check.StartPeriod = Number(health, "StartPeriod");
        check.StartInterval = Number(health, "StartInterval");
        check.Retries = (uint)Math.Min(Number(health, "Retries"), uint.MaxValue);
        return check;
    }

    private static string[] Shell(Oci.Images.ContainerConfig config) =>
        config.Others!.TryGetValue("Shell", out var shell) && Strings(shell) is { Length: > 0 } own ? own : ["/bin/sh", "-c"];

    private static string[] Strings(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array && array.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String)
            ? [.. array.EnumerateArray().Select(word => word.GetString()!)]
            : [];

    private static long Number(JsonElement health, string name) =>
        health.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? Math.Max(0, number) : 0;
}
