namespace Suite.Network.Plugins;

/// <summary>The versions of CNI's specification that are spoken.</summary>
internal static class PluginVersions
{
    public static readonly IReadOnlyList<string> Spoken = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];

    /// <summary>The highest of those offered that is spoken; null when none is.</summary>
    public static string? Highest(IEnumerable<string> offered)
    {
        var known = offered.ToHashSet(StringComparer.Ordinal);
        return Spoken.LastOrDefault(known.Contains);
    }

    /// <summary>CHECK came with 0.4.0, GC and STATUS with 1.1.0.</summary>
    public static bool Has(string version, string since) => Spoken.ToList().IndexOf(version) >= Spoken.ToList().IndexOf(since);
}
