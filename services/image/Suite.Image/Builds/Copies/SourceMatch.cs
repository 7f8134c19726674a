using Suite.Image.Builds.Dockerfiles;

namespace Suite.Image.Builds.Copies;

/// <summary>Finds what a source of COPY or ADD names: a path, or what its wildcards match.</summary>
internal static class SourceMatch
{
    /// <param name="where">For people: "the context" or "the stage build".</param>
    public static IReadOnlyList<SourceFile> Find(Instruction at, ISourceTree tree, string source, string where)
    {
        var parts = source.Split('/').Where(p => p.Length > 0 && p != ".").ToArray();
        if (parts.Contains("..")) throw at.Wrong($"names '{source}', which is outside of {where}");
        if (!parts.Any(GlobPattern.IsOne))
        {
            return tree.Find(string.Join('/', parts)) is { } only
                ? [only]
                : throw at.Wrong($"finds no '{source}' in {where}{(where == "the context" ? ": check the path and .dockerignore" : "")}");
        }

        var found = new List<SourceFile> { tree.Find("")! };
        foreach (var part in parts) found = [.. found.SelectMany(parent => Children(tree, parent, part))];
        // A link that a wildcard finds is followed as one that is named.
        return [.. found.Select(f => f.IsLink ? tree.Find(f.Path) : f).OfType<SourceFile>()];
    }

    private static IEnumerable<SourceFile> Children(ISourceTree tree, SourceFile parent, string pattern)
    {
        var directory = parent.IsLink ? tree.Find(parent.Path) : parent;
        if (directory is not { IsDirectory: true }) return [];
        return GlobPattern.IsOne(pattern)
            ? tree.In(directory).Where(f => GlobPattern.Matches(pattern, f.Name))
            : tree.Find(parent.Path.Length == 0 ? pattern : $"{parent.Path}/{pattern}") is { } one ? [one] : [];
    }
}
