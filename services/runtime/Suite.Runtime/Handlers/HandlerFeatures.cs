using System.Text.Json;

namespace Suite.Runtime.Handlers;

/// <summary>What of a pod depends on who makes it.</summary>
/// <param name="UserNamespaces">With volumes and layers that show the pod's users as owners, without which a pod of users of its own owns nothing.</param>
internal sealed record HandlerFeatures(bool RecursiveReadOnlyMounts, bool UserNamespaces)
{
    /// <summary>Of a runtime that does not say what it can do: nothing is promised for it.</summary>
    public static readonly HandlerFeatures None = new(false, false);

    /// <summary>The shim's own.</summary>
    public static HandlerFeatures Native { get; } = new(true, File.Exists("/proc/self/ns/user"));

    /// <param name="json">What the command "features" answers (features.md, features-linux.md).</param>
    public static HandlerFeatures Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new HandlerFeatures(
                Has(root, "mountOptions", "rro"),
                Get(root, "linux") is { } linux && Has(linux, "namespaces", "user") && Get(linux, "mountExtensions", "idmap", "enabled") is { ValueKind: JsonValueKind.True });
        }
        catch (JsonException)
        {
            return None;
        }
    }

    private static bool Has(JsonElement element, string list, string word) =>
        Get(element, list) is { ValueKind: JsonValueKind.Array } items && items.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(word));

    private static JsonElement? Get(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }
        return element;
    }
}
