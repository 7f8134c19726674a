namespace Suite.Testing.Leaks;

/// <summary>Everything that carries an instance's name and outlives a process: one line each, the same line every time it is seen.</summary>
public static class Traces
{
    public static SortedSet<string> Of(string instance)
    {
        var traces = new SortedSet<string>(StringComparer.Ordinal);
        traces.UnionWith(MountTraces.Of(instance));
        traces.UnionWith(CgroupTraces.Of(instance));
        traces.UnionWith(LinkTraces.Of(instance));
        traces.UnionWith(TableTraces.Of(instance));
        traces.UnionWith(ProcessTraces.Of(instance));
        traces.UnionWith(FolderTraces.Of(instance));
        return traces;
    }

    /// <summary>
    /// Whether a path or a command line names the instance: as a whole word, so that "t1" is not found in "t10".
    /// "NAME-x" and "NAME0" count: namespaces, folders and bridges are named so.
    /// </summary>
    internal static bool Names(string text, string instance)
    {
        for (var at = text.IndexOf(instance, StringComparison.Ordinal); at >= 0; at = text.IndexOf(instance, at + 1, StringComparison.Ordinal))
        {
            var before = at == 0 || !char.IsLetterOrDigit(text[at - 1]);
            var end = at + instance.Length;
            var after = end == text.Length || !char.IsLetterOrDigit(text[end]) || (text[end] == '0' && (end + 1 == text.Length || !char.IsLetterOrDigit(text[end + 1])));
            if (before && after)
                return true;
        }

        return false;
    }
}
