using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Suite.Cli.Inspection;

/// <summary>JSON values as a template sees them.</summary>
internal static class TemplateValues
{
    /// <summary>As Go's %v prints them.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        null => "<no value>",
        JsonArray values => $"[{string.Join(' ', values.Select(Text))}]",
        JsonObject fields => $"map[{string.Join(' ', fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}:{Text(f.Value)}"))}]",
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>Not empty, not zero, not false.</summary>
    public static bool IsTrue(JsonNode? value) => value switch
    {
        null => false,
        JsonArray values => values.Count > 0,
        JsonObject fields => fields.Count > 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.String => value.GetValue<string>().Length > 0,
            JsonValueKind.Number => Number(value) != 0,
            _ => false,
        },
    };

    public static double Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : throw new TemplateException($"{Text(value)} is not a number");

    /// <summary>Negative, 0 or positive, as of strings or of numbers.</summary>
    public static int Compare(JsonNode? left, JsonNode? right) =>
        left?.GetValueKind() == JsonValueKind.Number && right?.GetValueKind() == JsonValueKind.Number
            ? Number(left).CompareTo(Number(right))
            : string.CompareOrdinal(Text(left), Text(right));

    /// <summary>.Path.To.Field; a field that an object does not have is an error, as a slip of the pen is more likely than a wish.</summary>
    public static JsonNode? Field(JsonNode? value, string path)
    {
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (value is not JsonObject fields || !fields.TryGetPropertyValue(name, out value))
                throw new TemplateException($"there is no field \"{name}\" for {path}");
        }

        return value;
    }
}
