using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Linux.Files;

/// <summary>Whole trees, walked by descriptors so that no link inside them can lead the walk out.</summary>
public static class FileTree
{
    private static readonly int OpenDirectory = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    /// <summary>Removes a name under a directory and everything below it. A name that is not there is no error.</summary>
    public static void Remove(int parent, ReadOnlySpan<byte> name)
    {
        var result = FileCalls.UnlinkAt(parent, name);
        if (result is 0 or -ErrnoNames.ENOENT) return;
        // unlink(2) of a directory is EISDIR on Linux; POSIX says EPERM.
        if (result is not (-ErrnoNames.EISDIR or -ErrnoNames.EPERM)) throw Failed("remove", name, result);

        var directory = FileCalls.OpenAt(parent, name, OpenDirectory);
        if (directory < 0) throw Failed("open directory", name, directory);
        try
        {
            foreach (var child in Entries(directory, name)) Remove(directory, child);
        }
        finally
        {
            FileCalls.Close(directory);
        }

        result = FileCalls.UnlinkAt(parent, name, FileCalls.AT_REMOVEDIR);
        if (result is not (0 or -ErrnoNames.ENOENT)) throw Failed("remove directory", name, result);
    }

    /// <summary>Removes a path and everything below it. A path that is not there is no error.</summary>
    public static void Remove(string path) => Remove(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(path));

    /// <summary>What a tree takes on disk. Files with several names count once.</summary>
    public static TreeUsage Usage(string path)
    {
        var usage = new TreeUsage();
        Add(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(path), ref usage, []);
        return usage;
    }

    private static void Add(int parent, ReadOnlySpan<byte> name, ref TreeUsage usage, HashSet<ulong> linked)
    {
        var result = FileCalls.StatAt(parent, name, out var status);
        if (result == -ErrnoNames.ENOENT) return; // a container at work: files come and go
        if (result < 0) throw Failed("stat", name, result);
        if (status.Links > 1 && !status.IsDirectory && !linked.Add(status.Inode)) return;
        usage = new TreeUsage(usage.Bytes + (status.Blocks * 512), usage.Inodes + 1);
        if (!status.IsDirectory) return;

        var directory = FileCalls.OpenAt(parent, name, OpenDirectory);
        if (directory == -ErrnoNames.ENOENT) return;
        if (directory < 0) throw Failed("open directory", name, directory);
        try
        {
            foreach (var child in Entries(directory, name)) Add(directory, child, ref usage, linked);
        }
        finally
        {
            FileCalls.Close(directory);
        }
    }

    private static List<byte[]> Entries(int directory, ReadOnlySpan<byte> name)
    {
        var entries = new List<byte[]>();
        var result = Dirent.Read(directory, entries);
        return result < 0 ? throw Failed("list directory", name, result) : entries;
    }

    private static ErrnoException Failed(string action, ReadOnlySpan<byte> name, int result) =>
        new($"{action} {Encoding.UTF8.GetString(name)}", -result);
}
