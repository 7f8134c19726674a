using System.Text;
using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Linux.Processes;

namespace Suite.Image.Graph.Overlay;

/// <summary>
/// What a container changed, read from its upper directory alone: the layers below are only asked about names that are there. So
/// ten changed files above a gigabyte take as long as ten changed files above nothing.
/// </summary>
internal sealed class OverlayChanges(CancellationToken cancellationToken)
{
    private readonly List<TreeChange> _changes = [];

    public static IReadOnlyList<TreeChange> Find(string upper, IReadOnlyList<string> lowerTopFirst, CancellationToken cancellationToken)
    {
        var root = FileCalls.OpenAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(upper), LayerRoot.Directory);
        if (root < 0) throw new ErrnoException($"open the upper directory {upper}", -root);
        try
        {
            using var lower = LowerDirectory.OpenRoot(lowerTopFirst);
            var walk = new OverlayChanges(cancellationToken);
            if (!FileComparison.SameRoot(root, lower.Top)) walk._changes.Add(new TreeChange(TreeChangeKind.Modified, []));
            walk.Walk(root, lower, hidden: false, []);
            return walk._changes;
        }
        finally
        {
            FileCalls.Close(root);
        }
    }

    /// <param name="hidden">Whether the directory, or one above it, was made anew: then what is below it does not show any more.</param>
    private void Walk(int upper, LowerDirectory lower, bool hidden, byte[] path)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var left = new List<(byte[] Name, FileStatus Status)>();
        var names = ByteNames.In(upper);
        // What is gone comes first: whoever applies the archive deletes before it writes (layer.md, "Whiteouts").
        if (hidden) Gone(path, lower.Names().Except(names, ByteNames.Equality));
        foreach (var name in names)
        {
            var result = FileCalls.StatAt(upper, name, out var status);
            if (result == -ErrnoNames.ENOENT) continue; // a container at work
            if (result < 0) throw new ErrnoException($"look at {Encoding.UTF8.GetString(TreeChange.Join(path, name))} in the upper directory", -result);
            if (!status.IsOverlayWhiteout) left.Add((name, status));
            else if (lower.Find(name) is not null) Gone(path, [name]);
        }

        foreach (var (name, status) in left) Compare(upper, name, status, lower, hidden, TreeChange.Join(path, name));
    }

    private void WalkDeeper(int upper, LowerDirectory lower, bool hidden, byte[] path) => DeepStack.GoOn(() => Walk(upper, lower, hidden, path));

    private void Gone(byte[] path, IEnumerable<byte[]> names) =>
        _changes.AddRange(names.Select(name => new TreeChange(TreeChangeKind.Deleted, TreeChange.Join(path, name))));

    private void Compare(int upper, byte[] name, FileStatus status, LowerDirectory lower, bool hidden, byte[] path)
    {
        var below = lower.Find(name);
        if (!status.IsDirectory)
        {
            if (below is not { } same) _changes.Add(new TreeChange(TreeChangeKind.Added, path));
            else if (!FileComparison.Same(upper, status, same.Directory, same.Status, name)) _changes.Add(new TreeChange(TreeChangeKind.Modified, path));
            return;
        }

        var directory = FileCalls.OpenAt(upper, name, LayerRoot.Directory);
        if (directory is -ErrnoNames.ENOENT or -ErrnoNames.ENOTDIR) return;
        if (directory < 0) throw new ErrnoException($"open {Encoding.UTF8.GetString(path)} in the upper directory", -directory);
        try
        {
            var at = _changes.Count;
            using var inside = below is { Status.IsDirectory: true } ? lower.Enter(name) : LowerDirectory.Empty;
            hidden |= OverlayLower.IsOpaque(directory);
            if (DeepStack.IsNearlyUsedUp) WalkDeeper(directory, inside, hidden, path);
            else Walk(directory, inside, hidden, path);
            var known = below is { } there &&
                (SettledDirectories.IsUntouched(directory) || FileComparison.SameDirectory(upper, status, there.Directory, there.Status, name));
            // Also above a change: other engines give a directory that an archive leaves out attributes of their own.
            if (!known || _changes.Count > at) _changes.Insert(at, new TreeChange(below is null ? TreeChangeKind.Added : TreeChangeKind.Modified, path));
        }
        finally
        {
            FileCalls.Close(directory);
        }
    }
}
