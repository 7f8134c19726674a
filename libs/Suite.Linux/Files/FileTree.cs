using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Linux.Files;

/// <summary>Whole trees, walked by descriptors so that no link inside them can lead the walk out.</summary>
public static class FileTree
{
    /// <summary>Of directories in each other that are open at the same time; what is deeper is moved up before it is removed.</summary>
    private const int MostOpen = 250;

    /// <summary>Of directories in each other that are measured: those that a path can name, in one letter each, and twice as many.</summary>
    private const int MostMeasured = 4096;

    private static readonly int OpenDirectory = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    /// <summary>
    /// Removes a name under a directory and everything below it. A name that is not there is no error. Who filled the tree may have
    /// nested directories without end, as a container can: neither stack nor descriptors are used without a bound.
    /// </summary>
    public static void Remove(int parent, ReadOnlySpan<byte> name)
    {
        var directory = Unlink(parent, name);
        if (directory < 0) return;
        try
        {
            while (Empty(directory, directory, name, 1)) { }
        }
        finally
        {
            FileCalls.Close(directory);
        }

        RemoveEmpty(parent, name);
    }

    /// <summary>Removes a path and everything below it. A path that is not there is no error.</summary>
    public static void Remove(string path) => Remove(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(path));

    /// <summary>What a tree takes on disk. Files with several names count once.</summary>
    public static TreeUsage Usage(string path)
    {
        var name = Encoding.UTF8.GetBytes(path);
        var result = FileCalls.StatAt(FileCalls.AT_FDCWD, name, out var status);
        if (result == -ErrnoNames.ENOENT) return default;
        if (result < 0) throw Failed("stat", name, result);
        var usage = new TreeUsage(status.Blocks * 512, 1);
        if (!status.IsDirectory) return usage;
        var root = FileCalls.OpenAt(FileCalls.AT_FDCWD, name, OpenDirectory);
        if (root == -ErrnoNames.ENOENT) return usage;
        if (root < 0) throw Failed("open directory", name, root);
        try
        {
            Add(ref usage, root, name);
        }
        finally
        {
            FileCalls.Close(root);
        }

        return usage;
    }

    /// <summary>Removes what is no directory; opens what is one. Negative when there is nothing left to do.</summary>
    private static int Unlink(int parent, ReadOnlySpan<byte> name)
    {
        var result = FileCalls.UnlinkAt(parent, name);
        if (result is 0 or -ErrnoNames.ENOENT) return -1;
        // unlink(2) of a directory is EISDIR on Linux; POSIX says EPERM.
        if (result is not (-ErrnoNames.EISDIR or -ErrnoNames.EPERM)) throw Failed("remove", name, result);
        var directory = FileCalls.OpenAt(parent, name, OpenDirectory);
        return directory >= 0 ? directory : throw Failed("open directory", name, directory);
    }

    private static void RemoveEmpty(int parent, ReadOnlySpan<byte> name)
    {
        var result = FileCalls.UnlinkAt(parent, name, FileCalls.AT_REMOVEDIR);
        if (result is not (0 or -ErrnoNames.ENOENT)) throw Failed("remove directory", name, result);
    }

    /// <summary>True when something was moved up to <paramref name="top"/>, which then has to be emptied again.</summary>
    private static bool Empty(int top, int directory, ReadOnlySpan<byte> name, int level)
    {
        var moved = false;
        foreach (var child in Entries(directory, name))
        {
            var inside = Unlink(directory, child);
            if (inside < 0) continue;
            try
            {
                if (level == MostOpen)
                {
                    var result = FileCalls.RenameAt(directory, child, top, Encoding.ASCII.GetBytes($"deep-{Guid.NewGuid():N}"));
                    if (result < 0) throw Failed("move up directory", child, result);
                    moved = true;
                    continue;
                }

                moved |= Empty(top, inside, child, level + 1);
            }
            finally
            {
                FileCalls.Close(inside);
            }

            RemoveEmpty(directory, child);
        }

        return moved;
    }

    /// <summary>
    /// Iterative, as a container may nest directories without end. The way up is "..": a directory that is moved meanwhile leads elsewhere,
    /// and the walk ends there.
    /// </summary>
    private static void Add(ref TreeUsage usage, int root, ReadOnlySpan<byte> path)
    {
        var at = root;
        try
        {
            Add(ref usage, root, ref at, path);
        }
        finally
        {
            if (at != root) FileCalls.Close(at);
        }
    }

    private static void Add(ref TreeUsage usage, int root, ref int at, ReadOnlySpan<byte> path)
    {
        HashSet<ulong> linked = [];
        var above = new Stack<(ulong Inode, Queue<byte[]> Left)>();
        var left = Measure(at, path, ref usage, linked);
        while (true)
        {
            if (left.TryDequeue(out var name))
            {
                if (above.Count == MostMeasured || FileCalls.StatAt(at, default, out var here) < 0) continue;
                var inside = FileCalls.OpenAt(at, name, OpenDirectory);
                if (inside is -ErrnoNames.ENOENT or -ErrnoNames.ENOTDIR or -ErrnoNames.ELOOP) continue;
                if (inside < 0) throw Failed("open directory", name, inside);
                above.Push((here.Inode, left));
                if (at != root) FileCalls.Close(at);
                at = inside;
                left = Measure(at, name, ref usage, linked);
                continue;
            }

            if (!above.TryPop(out var parent)) return;
            var up = above.Count == 0 ? root : FileCalls.OpenAt(at, ".."u8, OpenDirectory);
            if (up < 0) return;
            FileCalls.Close(at);
            at = up;
            if (FileCalls.StatAt(at, default, out var found) < 0 || found.Inode != parent.Inode) return;
            left = parent.Left;
        }
    }

    /// <summary>Adds what is in a directory, and answers the directories among it.</summary>
    private static Queue<byte[]> Measure(int directory, ReadOnlySpan<byte> name, ref TreeUsage usage, HashSet<ulong> linked)
    {
        var inside = new Queue<byte[]>();
        foreach (var child in Entries(directory, name))
        {
            var result = FileCalls.StatAt(directory, child, out var status);
            if (result == -ErrnoNames.ENOENT) continue; // a container at work: files come and go
            if (result < 0) throw Failed("stat", child, result);
            if (status.Links > 1 && !status.IsDirectory && !linked.Add(status.Inode)) continue;
            usage = new TreeUsage(usage.Bytes + (status.Blocks * 512), usage.Inodes + 1);
            if (status.IsDirectory) inside.Enqueue(child);
        }

        return inside;
    }

    private static List<byte[]> Entries(int directory, ReadOnlySpan<byte> name)
    {
        // A descriptor of its own: one that was listed before stands at its end.
        var again = FileCalls.OpenAt(directory, "."u8, OpenDirectory);
        if (again == -ErrnoNames.ENOENT) return []; // removed meanwhile
        if (again < 0) throw Failed("open directory", name, again);
        var entries = new List<byte[]>();
        var result = Dirent.Read(again, entries);
        FileCalls.Close(again);
        return result < 0 ? throw Failed("list directory", name, result) : entries;
    }

    private static ErrnoException Failed(string action, ReadOnlySpan<byte> name, int result) =>
        new($"{action} {Encoding.UTF8.GetString(name)}", -result);
}
