using Suite.Image.Builds.Dockerfiles;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Copies;

/// <summary>Finds what a source of COPY or ADD names: a path, or what its wildcards match.</summary>
internal static class SourceMatch
{
    private const string AnyDepth = "**";

    /// <param name="where">For people: "the context" or "the stage build".</param>
    /// <param name="crosses">Whether ** stands for any number of folders, as with --parents, and not for *.</param>
    public static IReadOnlyList<SourceFile> Find(Instruction at, ISourceTree tree, string source, string where, bool crosses)
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
        foreach (var part in parts)
        {
            found = part == AnyDepth && crosses
                ? [.. found.SelectMany(parent => WithFolders(tree, parent)).DistinctBy(f => f.Path)]
                : [.. found.SelectMany(parent => Children(tree, parent, part))];
        }

        // What is in a folder that ** leads to is named for itself.
        if (crosses && parts[^1] == AnyDepth) found = [.. found.SelectMany(folder => tree.In(folder)).DistinctBy(f => f.Path)];
        // A link that a wildcard finds is followed as one that is named.
        return [.. found.Select(f => Follow(tree, f)).OfType<SourceFile>()];
    }

    private static IEnumerable<SourceFile> WithFolders(ISourceTree tree, SourceFile folder) =>
        folder.IsDirectory ? [folder, .. tree.Below(folder).Where(f => f.IsDirectory)] : [];

    private static IEnumerable<SourceFile> Children(ISourceTree tree, SourceFile parent, string pattern)
    {
        var directory = Follow(tree, parent);
        if (directory is not { IsDirectory: true }) return [];
        return GlobPattern.IsOne(pattern)
            ? tree.In(directory).Where(f => GlobPattern.Matches(pattern, f.Name))
            : tree.Find(parent.Path.Length == 0 ? pattern : $"{parent.Path}/{pattern}") is { } one ? [one] : [];
    }

    /// <summary>Nobody has named a link that a wildcard finds: one that leads nowhere, or to itself, is none of its files.</summary>
    private static SourceFile? Follow(ISourceTree tree, SourceFile file)
    {
        try
        {
            return file.IsLink ? tree.Find(file.Path) : file;
        }
        catch (SuiteException)
        {
            return null;
        }
    }
}
