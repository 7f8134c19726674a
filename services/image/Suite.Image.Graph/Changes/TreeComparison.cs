using System.Text;
using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Linux.Processes;

namespace Suite.Image.Graph.Changes;

/// <summary>
/// What one tree has otherwise than another, for drivers that have no upper directory: every name is looked at, but the content
/// only of files that were touched since the second tree was copied from the first.
/// </summary>
internal sealed class TreeComparison(TreeComparison.Untouched isUntouched, CancellationToken cancellationToken)
{
    /// <summary>Tells by what stat(2) says of a name in both trees that nothing about it changed: then nothing of it is read.</summary>
    public delegate bool Untouched(FileStatus before, FileStatus after);

    private readonly List<TreeChange> _changes = [];

    /// <param name="before">Two open roots.</param>
    public static IReadOnlyList<TreeChange> Find(int before, int after, Untouched isUntouched, CancellationToken cancellationToken)
    {
        var comparison = new TreeComparison(isUntouched, cancellationToken);
        if (!FileComparison.SameRoot(after, before)) comparison._changes.Add(new TreeChange(TreeChangeKind.Modified, []));
        comparison.Compare(before, after, []);
        return comparison._changes;
    }

    /// <param name="before">-1: there was no such directory.</param>
    private void Compare(int before, int after, byte[] path)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var names = ByteNames.In(after);
        // What is gone comes first: whoever applies the archive deletes before it writes (layer.md, "Whiteouts").
        if (before >= 0)
            _changes.AddRange(ByteNames.In(before).Except(names, ByteNames.Equality).Select(n => new TreeChange(TreeChangeKind.Deleted, TreeChange.Join(path, n))));
        foreach (var name in names)
        {
            var result = FileCalls.StatAt(after, name, out var status);
            if (result == -ErrnoNames.ENOENT) continue; // a container at work
            if (result < 0) throw Failed("look at", TreeChange.Join(path, name), result);
            FileStatus old = default;
            var existed = before >= 0 && FileCalls.StatAt(before, name, out old) == 0;
            if (status.IsDirectory) CompareDirectory(before, after, name, status, existed ? old : null, TreeChange.Join(path, name));
            else if (!existed) _changes.Add(new TreeChange(TreeChangeKind.Added, TreeChange.Join(path, name)));
            else if (!isUntouched(old, status) && !FileComparison.Same(after, status, before, old, name))
                _changes.Add(new TreeChange(TreeChangeKind.Modified, TreeChange.Join(path, name)));
        }
    }

    private void CompareDirectory(int before, int after, byte[] name, FileStatus status, FileStatus? old, byte[] path)
    {
        var directory = FileCalls.OpenAt(after, name, LayerRoot.Directory);
        if (directory is -ErrnoNames.ENOENT or -ErrnoNames.ENOTDIR) return;
        if (directory < 0) throw Failed("open", path, directory);
        var oldDirectory = old is { IsDirectory: true } ? FileCalls.OpenAt(before, name, LayerRoot.Directory) : -1;
        try
        {
            var at = _changes.Count;
            if (DeepStack.IsNearlyUsedUp) CompareDeeper(oldDirectory, directory, path);
            else Compare(oldDirectory, directory, path);
            var known = oldDirectory >= 0 && (isUntouched(old!.Value, status) || FileComparison.SameDirectory(after, status, before, old.Value, name));
            if (!known || _changes.Count > at) _changes.Insert(at, new TreeChange(old is null ? TreeChangeKind.Added : TreeChangeKind.Modified, path));
        }
        finally
        {
            FileCalls.Close(directory);
            if (oldDirectory >= 0) FileCalls.Close(oldDirectory);
        }
    }

    private void CompareDeeper(int before, int after, byte[] path) => DeepStack.GoOn(() => Compare(before, after, path));

    private static ErrnoException Failed(string action, byte[] path, int result) =>
        new($"{action} {Encoding.UTF8.GetString(path)} in a root file system", -result);
}
