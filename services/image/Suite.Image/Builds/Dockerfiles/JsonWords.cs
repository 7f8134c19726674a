using System.Text.Json;

namespace Suite.Image.Builds.Dockerfiles;

/// <summary>The JSON form of arguments.</summary>
internal static class JsonWords
{
    /// <returns>Null when the text is none: then it is a shell's.</returns>
    public static IReadOnlyList<string>? Read(string text)
    {
        if (!text.StartsWith('[')) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String)
                ? null
                : [.. document.RootElement.EnumerateArray().Select(e => e.GetString()!)];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
