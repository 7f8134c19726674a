using Suite.Image.Graph.Drivers;
using Suite.Linux.Native;

namespace Suite.Image.Builds;

/// <summary>One entry of the layer that a COPY makes.</summary>
/// <param name="Target">Path in the image, without a leading slash.</param>
/// <param name="Source">File in the context; null for a directory that is only on the way.</param>
/// <param name="Existing">What the image has there already, for a directory on the way.</param>
internal sealed record CopyEntry(string Target, string? Source, FileStatus? Existing);

/// <summary>What a COPY puts where, before anything is written: sorted, so that the same files give the same layer.</summary>
internal static class CopyPlan
{
    /// <param name="sources">Paths relative to the context.</param>
    /// <param name="destination">Absolute; a trailing slash says that it is a directory.</param>
    public static IReadOnlyList<CopyEntry> Of(Instruction at, string root, IReadOnlyList<string> sources, string destination, ILayerView image)
    {
        var (resolved, status) = image.Resolve(destination);
        var intoDirectory = destination.EndsWith('/') || sources.Count > 1 || status is { IsDirectory: true };
        if (intoDirectory && status is { IsDirectory: false })
            throw at.Wrong($"copies into '{destination}', which is a file in the image");

        var entries = new SortedDictionary<string, CopyEntry>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            var path = Path.Combine(root, source);
            if (IsDirectory(path)) AddTree(entries, path, resolved.Trim('/'));
            else Add(entries, (intoDirectory ? $"{resolved}/{Path.GetFileName(source)}" : resolved).Trim('/'), path);
        }

        foreach (var target in entries.Keys.ToArray()) AddParents(entries, target, image);
        return [.. entries.Values];
    }

    /// <summary>Directories that have to exist, such as a WORKDIR.</summary>
    public static IReadOnlyList<CopyEntry> OfDirectory(string path, ILayerView image)
    {
        var (resolved, status) = image.Resolve(path);
        var entries = new SortedDictionary<string, CopyEntry>(StringComparer.Ordinal);
        if (status is not null || resolved == "/") return [];
        AddParents(entries, resolved.Trim('/') + "/x", image);
        return [.. entries.Values];
    }

    /// <summary>The content of a directory, and the directory's own attributes where it becomes a new one.</summary>
    private static void AddTree(SortedDictionary<string, CopyEntry> entries, string directory, string target)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
        {
            var inside = $"{target}/{Path.GetFileName(path)}".Trim('/');
            Add(entries, inside, path);
            if (IsDirectory(path)) AddTree(entries, path, inside);
        }
    }

    private static void Add(SortedDictionary<string, CopyEntry> entries, string target, string source) =>
        entries[target] = new CopyEntry(target, source, null); // a later source wins, as copying one after the other would

    private static void AddParents(SortedDictionary<string, CopyEntry> entries, string target, ILayerView image)
    {
        for (var slash = target.LastIndexOf('/'); slash > 0; slash = target.LastIndexOf('/', slash - 1))
        {
            var parent = target[..slash];
            if (!entries.ContainsKey(parent)) entries[parent] = new CopyEntry(parent, null, image.Resolve("/" + parent).Status);
        }
    }

    private static bool IsDirectory(string path) => Directory.Exists(path) && new FileInfo(path).LinkTarget is null;
}
