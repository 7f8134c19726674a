using Suite.Image.Graph.Changes;
using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Linux.Processes;

namespace Suite.Image.Graph.Vfs;

/// <summary>Copies a tree with all that it has: owners, modes, times, extended attributes, devices, hard links and holes.</summary>
internal sealed class TreeCopy(int targetRoot, CancellationToken cancellationToken)
{
    private readonly Dictionary<ulong, byte[]> _linked = [];

    /// <param name="source">An open directory.</param>
    /// <param name="target">An open and empty one.</param>
    public static void Run(int source, int target, CancellationToken cancellationToken) =>
        new TreeCopy(target, cancellationToken).CopyDirectory(source, target, []);

    private void CopyDirectory(int source, int target, byte[] path)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var name in ByteNames.In(source)) CopyName(source, target, name, TreeChange.Join(path, name));
        Check("look at", path, FileCalls.StatAt(source, default, out var status));
        // Last: a name that is made in a directory changes its time.
        Describe(target, status, FileXattrs.Of(source), path);
    }

    private void CopyName(int source, int target, byte[] name, byte[] path)
    {
        Check("look at", path, FileCalls.StatAt(source, name, out var status));
        if (!status.IsDirectory && status.Links > 1 && !_linked.TryAdd(status.Inode, path))
        {
            Check("link", path, FileCalls.LinkAt(targetRoot, _linked[status.Inode], target, name));
            return;
        }

        switch (status.Type)
        {
            case FileCalls.S_IFDIR:
                Check("make", path, FileCalls.MkdirAt(target, name, 0x1C0));
                Open(source, target, name, path, LayerRoot.Directory, LayerRoot.Directory, (from, to) =>
                {
                    if (DeepStack.IsNearlyUsedUp) DeepStack.GoOn(() => CopyDirectory(from, to, path));
                    else CopyDirectory(from, to, path);
                });
                return;
            case FileCalls.S_IFREG:
                Open(source, target, name, path, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW, FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL, (from, to) =>
                {
                    Check("copy", path, FileCopy.Run(from, to, (long)status.Size));
                    Describe(to, status, FileXattrs.Of(from), path);
                });
                return;
            case FileCalls.S_IFLNK:
                Check("make", path, FileCalls.SymlinkAt(FileLinks.Read(source, name), target, name));
                break;
            default:
                Check("make", path, FileCalls.MknodAt(target, name, status.Type | 0x180u, FileCalls.MakeDevice(status.DeviceMajor, status.DeviceMinor)));
                break;
        }

        Check("set the owner of", path, FileCalls.ChownAt(target, name, status.User, status.Group));
        if (status.Type != FileCalls.S_IFLNK) Check("set the mode of", path, FileCalls.ChmodAt(target, name, status.Mode & 0xFFFu));
        foreach (var (key, value) in FileXattrs.Of(source, name)) Check("set an attribute of", path, EntryXattrs.SetOn(target, name, key, value));
        Check("set the times of", path, FileCalls.SetTimesAt(target, name, status.ModifiedSeconds, (int)status.ModifiedNanoseconds));
    }

    private static void Open(int source, int target, byte[] name, byte[] path, int readFlags, int writeFlags, Action<int, int> copy)
    {
        var from = FileCalls.OpenAt(source, name, readFlags);
        Check("open", path, from);
        try
        {
            var to = FileCalls.OpenAt(target, name, writeFlags, 0x180);
            Check("make", path, to);
            try
            {
                copy(from, to);
            }
            finally
            {
                FileCalls.Close(to);
            }
        }
        finally
        {
            FileCalls.Close(from);
        }
    }

    /// <summary>Owner first: chown(2) clears the set-uid and set-gid bits, and drops security.capability.</summary>
    private static void Describe(int target, FileStatus status, List<(byte[] Name, byte[] Value)> attributes, byte[] path)
    {
        Check("set the owner of", path, FileCalls.Chown(target, status.User, status.Group));
        Check("set the mode of", path, FileCalls.Chmod(target, status.Mode & 0xFFFu));
        foreach (var (name, value) in attributes) Check("set an attribute of", path, Xattr.Set(target, name, value));
        Check("set the times of", path, FileCalls.SetTimes(target, status.ModifiedSeconds, (int)status.ModifiedNanoseconds));
    }

    private static void Check(string action, byte[] path, int result)
    {
        if (result < 0) throw new ErrnoException($"{action} the copy of /{Tar.TarEntry.Show(path)}", -result);
    }
}
