using Google.Protobuf.Collections;

namespace Suite.Runtime.Mapping;

internal static class Labels
{
    public static void Fill(this MapField<string, string> map, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, value) in values)
            map[name] = value;
    }

    /// <summary>Whether every label that the selector names is there with that value.</summary>
    public static bool Match(this IReadOnlyDictionary<string, string> labels, MapField<string, string> selector)
    {
        foreach (var (name, value) in selector)
        {
            if (!labels.TryGetValue(name, out var actual) || actual != value)
                return false;
        }
        return true;
    }
}
