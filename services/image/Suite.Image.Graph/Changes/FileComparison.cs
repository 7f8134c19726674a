using Suite.Image.Graph.Layers;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Changes;

/// <summary>
/// Whether two names hold the same. A copied-up file that was written back, renamed and renamed back, or only opened for writing has
/// changed nothing; one whose time was set back has, so where everything else is the same the content decides.
/// </summary>
internal static class FileComparison
{
    private const int Piece = 64 * 1024;

    /// <param name="left">Two names under two directories, with what stat(2) says of them.</param>
    public static bool Same(int left, FileStatus leftStatus, int right, FileStatus rightStatus, ReadOnlySpan<byte> name)
    {
        if (!SameAttributes(leftStatus, rightStatus)) return false;
        if (leftStatus.Type == FileCalls.S_IFLNK && !FileLinks.Read(left, name).AsSpan().SequenceEqual(FileLinks.Read(right, name))) return false;
        if (!FileXattrs.Same(FileXattrs.Of(left, name), FileXattrs.Of(right, name))) return false;
        return leftStatus.Type != FileCalls.S_IFREG || SameContent(left, right, name);
    }

    /// <summary>All that a directory has of its own.</summary>
    public static bool SameDirectory(int left, FileStatus leftStatus, int right, FileStatus rightStatus, ReadOnlySpan<byte> name) =>
        SameAttributes(leftStatus, rightStatus) && FileXattrs.Same(FileXattrs.Of(left, name), FileXattrs.Of(right, name));

    /// <summary>Of two roots only what a layer says of its root: their times change with every name that is made in them.</summary>
    public static bool SameRoot(int left, int right)
    {
        var result = FileCalls.StatAt(left, default, out var a);
        if (result < 0) throw new ErrnoException("look at a root", -result);
        result = FileCalls.StatAt(right, default, out var b);
        if (result < 0) throw new ErrnoException("look at a root", -result);
        return a.Mode == b.Mode && a.User == b.User && a.Group == b.Group && FileXattrs.Same(FileXattrs.Of(left), FileXattrs.Of(right));
    }

    private static bool SameAttributes(FileStatus a, FileStatus b) =>
        a.Mode == b.Mode && a.User == b.User && a.Group == b.Group
        && a.ModifiedSeconds == b.ModifiedSeconds && a.ModifiedNanoseconds == b.ModifiedNanoseconds
        && (a.IsDirectory || a.Size == b.Size)
        && (a.Type is not (FileCalls.S_IFCHR or FileCalls.S_IFBLK) || (a.DeviceMajor, a.DeviceMinor) == (b.DeviceMajor, b.DeviceMinor));

    private static bool SameContent(int leftDirectory, int rightDirectory, ReadOnlySpan<byte> name)
    {
        var left = Open(leftDirectory, name);
        try
        {
            var right = Open(rightDirectory, name);
            try
            {
                return SameContent(left, right);
            }
            finally
            {
                FileCalls.Close(right);
            }
        }
        finally
        {
            FileCalls.Close(left);
        }
    }

    private static bool SameContent(int left, int right)
    {
        byte[] a = new byte[Piece], b = new byte[Piece];
        for (long at = 0; ;)
        {
            var count = FileContent.ReadAt(left, a, at);
            if (count < 0) throw new ErrnoException("read a file to compare it", -count);
            for (var have = 0; have < count;)
            {
                var more = FileContent.ReadAt(right, b.AsSpan(have, count - have), at + have);
                if (more < 0) throw new ErrnoException("read a file to compare it", -more);
                if (more == 0) return false;
                have += more;
            }

            if (count == 0) return true;
            if (!a.AsSpan(0, count).SequenceEqual(b.AsSpan(0, count))) return false;
            at += count;
        }
    }

    private static int Open(int directory, ReadOnlySpan<byte> name)
    {
        var file = FileCalls.OpenAt(directory, name, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW);
        return file >= 0 ? file : throw new ErrnoException($"open {Tar.TarEntry.Show(name)} to compare it", -file);
    }
}
