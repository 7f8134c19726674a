using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Linux.Storage;

/// <summary>
/// Makes whole trees durable. A few files are written one by one, as syncfs(2) would also wait for what everybody else has written to
/// the file system, which on a busy machine takes seconds; for many files it is the cheaper one.
/// </summary>
public static class TreeFlush
{
    /// <summary>Files and directories up to which each is flushed by itself: about what one syncfs(2) costs on an idle disk.</summary>
    private const int MaxSingly = 64;

    /// <summary>Returns when everything in the trees is on the disk; their names in the folders around them are not meant.</summary>
    /// <param name="trees">Directories, and files too; all on one file system.</param>
    /// <exception cref="ErrnoException">EIO, ENOSPC or EDQUOT: the data may be lost.</exception>
    public static void Flush(IReadOnlyCollection<string> trees)
    {
        var nodes = new List<int>();
        try
        {
            if (!trees.All(tree => Collect(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(tree), nodes)))
            {
                Check(FileCalls.SyncFileSystem(nodes[0]), trees);
                return;
            }

            // Everything is on its way before the first fsync: that one then commits the journal for all, and the others find it done.
            foreach (var node in nodes) FileCalls.WriteOut(node);
            foreach (var node in nodes) Check(FileCalls.Sync(node), trees);
        }
        finally
        {
            foreach (var node in nodes) FileCalls.Close(node);
        }
    }

    /// <summary>Opens what there is to flush. False when it is too much.</summary>
    private static bool Collect(int parent, ReadOnlySpan<byte> name, List<int> nodes)
    {
        var result = FileCalls.StatAt(parent, name, out var status);
        if (result < 0) throw new ErrnoException($"stat {Encoding.UTF8.GetString(name)}", -result);
        // The others have no content: their inode is written with the directory that names them.
        if (status.Type != FileCalls.S_IFREG && !status.IsDirectory) return true;

        var node = FileCalls.OpenAt(parent, name, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW);
        if (node < 0) throw new ErrnoException($"open {Encoding.UTF8.GetString(name)}", -node);
        nodes.Add(node);
        if (nodes.Count > MaxSingly) return false;
        if (!status.IsDirectory) return true;
        var children = new List<byte[]>();
        result = Dirent.Read(node, children);
        if (result < 0) throw new ErrnoException($"list {Encoding.UTF8.GetString(name)}", -result);
        foreach (var child in children)
            if (!Collect(node, child, nodes)) return false;
        return true;
    }

    private static void Check(int result, IReadOnlyCollection<string> trees)
    {
        if (result < 0) throw new ErrnoException($"write {string.Join(", ", trees)} to the disk", -result);
    }
}
