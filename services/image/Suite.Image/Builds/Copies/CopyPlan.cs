using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Graph.Drivers;
using Suite.Linux.Native;

namespace Suite.Image.Builds.Copies;

/// <summary>What a COPY puts where, before anything is written: sorted, so that the same files give the same layer.</summary>
internal sealed class CopyPlan
{
    private readonly SortedDictionary<string, CopyEntry> _entries = new(StringComparer.Ordinal);
    private readonly Instruction _at;
    private readonly ILayerView? _image;
    private readonly ExcludedPaths _excluded;

    private CopyPlan(Instruction at, ILayerView? image, ExcludedPaths excluded) => (_at, _image, _excluded) = (at, image, excluded);

    /// <param name="destination">Absolute; a trailing slash says that it is a directory.</param>
    /// <param name="image">Null: what lies below plays no part, as with --link.</param>
    public static IReadOnlyList<CopyEntry> Of(Instruction at, IReadOnlyList<CopySource> sources, string destination, ILayerView? image, ExcludedPaths excluded)
    {
        var plan = new CopyPlan(at, image, excluded);
        var (resolved, status) = image?.Resolve(destination) ?? (Path.GetFullPath(destination), null);
        var intoDirectory = destination.EndsWith('/') || sources.Sum(s => s.Matches.Count) > 1 || status is { IsDirectory: true };
        if (intoDirectory && status is { IsDirectory: false }) throw at.Wrong($"copies into '{destination}', which is a file in the image");
        foreach (var source in sources)
            foreach (var match in source.Matches) plan.Add(source, match, resolved.Trim('/'), intoDirectory);
        foreach (var target in plan._entries.Keys.ToArray()) plan.AddParents(target);
        return [.. plan._entries.Values];
    }

    /// <summary>Directories that have to exist, such as a WORKDIR.</summary>
    public static IReadOnlyList<CopyEntry> OfDirectory(Instruction at, string path, ILayerView image)
    {
        var (resolved, status) = image.Resolve(path);
        if (status is { IsDirectory: false }) throw at.Wrong($"names '{path}', which is a file in the image");
        if (status is not null || resolved == "/") return [];
        var plan = new CopyPlan(at, image, ExcludedPaths.None);
        plan.AddParents(resolved.Trim('/') + "/x");
        return [.. plan._entries.Values];
    }

    private void Add(CopySource source, SourceFile match, string destination, bool intoDirectory)
    {
        if (source.Pivot is { } pivot)
        {
            var kept = pivot.Length > 0 && match.Path.StartsWith(pivot + "/", StringComparison.Ordinal) ? match.Path[(pivot.Length + 1)..] : match.Path;
            AddKept(source, match, Join(destination, kept), kept);
        }
        else if (match.IsDirectory)
        {
            AddTree(source, match, destination);
        }
        else
        {
            if (_excluded.Has(match.Name)) return;
            Put(intoDirectory ? Join(destination, match.Name) : destination, match, source.Tree);
        }
    }

    /// <summary>With the directories of its path, which keep what they are at the source.</summary>
    private void AddKept(CopySource source, SourceFile match, string target, string kept)
    {
        if (_excluded.Has(kept)) return;
        var above = kept;
        var (at, from) = (target, match.Path);
        while ((above.LastIndexOf('/'), at.LastIndexOf('/'), from.LastIndexOf('/')) is var (a, t, f) && a > 0 && t > 0 && f > 0)
        {
            (above, at, from) = (above[..a], at[..t], from[..f]);
            if (source.Tree.Find(from) is { IsDirectory: true } directory) _entries.TryAdd(at, new CopyEntry(at, directory, source.Tree, null));
        }

        if (match.IsDirectory) AddTree(source, match, target);
        else Put(target, match, source.Tree);
    }

    /// <summary>The content of a directory, not the directory itself.</summary>
    private void AddTree(CopySource source, SourceFile directory, string target)
    {
        // The directory that the content goes into is made as one on the way, whatever the source's own is like.
        if (target.Length > 0) _entries.TryAdd(target, new CopyEntry(target, null, null, _image?.Resolve("/" + target).Status));
        foreach (var file in source.Tree.Below(directory))
        {
            var inside = directory.Path.Length == 0 ? file.Path : file.Path[(directory.Path.Length + 1)..];
            if (_excluded.IsEmpty || !_excluded.Has(inside)) Put(Join(target, inside), file, source.Tree);
        }
    }

    /// <summary>A later source wins, as copying one after the other would.</summary>
    private void Put(string target, SourceFile source, ISourceTree tree)
    {
        if (target.Length == 0) throw _at.Wrong("copies a file onto the root of the image");
        if (_image is not null && source.IsDirectory && _image.Resolve("/" + target).Status is { IsDirectory: false } there && there.Type != FileCalls.S_IFLNK)
            throw _at.Wrong($"copies the directory '{source.Path}' over '/{target}', which is a file in the image");
        _entries[target] = new CopyEntry(target, source, tree, null);
    }

    private void AddParents(string target)
    {
        for (var slash = target.LastIndexOf('/'); slash > 0; slash = target.LastIndexOf('/', slash - 1))
        {
            var parent = target[..slash];
            if (!_entries.ContainsKey(parent)) _entries[parent] = new CopyEntry(parent, null, null, _image?.Resolve("/" + parent).Status);
        }
    }

    private static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";
}
