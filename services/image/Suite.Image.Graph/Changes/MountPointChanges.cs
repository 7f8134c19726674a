using System.Text;
using Suite.Image.Graph.Drivers;
using Suite.Image.Graph.Layers;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Changes;

/// <summary>Takes what a runtime made to mount on out of a container's changes.</summary>
internal static class MountPointChanges
{
    /// <param name="root">The open root of the changed tree.</param>
    /// <param name="below">The layers that it was prepared with.</param>
    public static IReadOnlyList<TreeChange> Without(IReadOnlyList<TreeChange> changes, ArchiveRules rules, int root, ILayerView below)
    {
        if (rules.MountPoints.Count == 0 || changes.Count == 0) return changes;
        var byPath = new SortedDictionary<string, TreeChange>(changes.ToDictionary(c => Encoding.Latin1.GetString(c.Path)), StringComparer.Ordinal);
        // Deepest first: what is empty once a mount point is gone may have been made for it.
        foreach (var point in rules.MountPoints.Select(p => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(p))).OrderByDescending(p => p.Count(c => c == '/')))
        {
            if (!byPath.TryGetValue(point, out var change) || change.Kind != TreeChangeKind.Added || !IsEmpty(byPath, root, change)) continue;
            byPath.Remove(point);
            for (var parent = Parent(point); parent is not null && byPath.TryGetValue(parent, out var on) && IsOnTheWay(byPath, root, on, below); parent = Parent(parent)) byPath.Remove(parent);
        }

        return byPath.Count == changes.Count ? changes : [.. changes.Where(c => byPath.ContainsKey(Encoding.Latin1.GetString(c.Path)))];
    }

    private static bool IsEmpty(SortedDictionary<string, TreeChange> changes, int root, TreeChange change) =>
        Status(root, change) is { } status && (status.IsDirectory ? !HasInside(changes, change) : status.Type == FileCalls.S_IFREG && status.Size == 0);

    /// <summary>Nothing in it is left, and it was made as a runtime makes it, or is but for its time as it was.</summary>
    private static bool IsOnTheWay(SortedDictionary<string, TreeChange> changes, int root, TreeChange change, ILayerView below)
    {
        if (HasInside(changes, change) || Status(root, change) is not { IsDirectory: true } status) return false;
        if (change.Kind == TreeChangeKind.Added) return (status.Mode & 0xFFF) == 0x1ED && status.User == 0 && status.Group == 0;
        return change.Path.Length > 0 && below.Resolve("/" + Encoding.UTF8.GetString(change.Path)).Status is { } before
            && (before.Mode, before.User, before.Group) == (status.Mode, status.User, status.Group);
    }

    private static bool HasInside(SortedDictionary<string, TreeChange> changes, TreeChange change)
    {
        var prefix = Encoding.Latin1.GetString(change.Path) + "/";
        return changes.Keys.Any(k => k.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static FileStatus? Status(int root, TreeChange change)
    {
        var slash = change.Path.AsSpan().LastIndexOf((byte)'/');
        var parent = OpenAt2.Open(root, slash <= 0 ? "."u8 : change.Path.AsSpan(0, slash), FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, OpenAt2.RESOLVE_IN_ROOT | OpenAt2.RESOLVE_NO_SYMLINKS);
        if (parent < 0) return null;
        var result = FileCalls.StatAt(parent, change.Path.AsSpan(slash + 1), out var status);
        FileCalls.Close(parent);
        return result < 0 ? null : status;
    }

    private static string? Parent(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : null;
}
