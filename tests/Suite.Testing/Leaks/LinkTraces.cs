namespace Suite.Testing.Leaks;

/// <summary>Links of the host's network namespace that carry the instance's name, or hang on its bridge.</summary>
internal static class LinkTraces
{
    public static IEnumerable<string> Of(string instance)
    {
        foreach (var folder in Directory.EnumerateDirectories("/sys/class/net"))
        {
            var name = Path.GetFileName(folder);
            var bridge = new DirectoryInfo(Path.Combine(folder, "master")).LinkTarget is { } target ? Path.GetFileName(target) : "";
            // A veth's name is the instance's with whatever fits into 15 bytes: a prefix is enough.
            if (name.StartsWith(instance, StringComparison.Ordinal) || Traces.Names(bridge, instance))
                yield return $"link {name}";
        }
    }
}
