namespace Suite.Runtime.Mapping;

/// <summary>"name" or "name=value", as people filter by labels.</summary>
internal static class LabelFilter
{
    public static bool Matches(IReadOnlyDictionary<string, string> labels, IEnumerable<string> wanted) => wanted.All(one =>
        one.IndexOf('=') is var end and >= 0
            ? labels.TryGetValue(one[..end], out var value) && value == one[(end + 1)..]
            : labels.ContainsKey(one));
}
