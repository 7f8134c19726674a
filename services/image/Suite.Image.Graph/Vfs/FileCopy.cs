using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Vfs;

/// <summary>The content of a file: its blocks shared where the file system can, else copied by the kernel, hole for hole.</summary>
internal static class FileCopy
{
    /// <returns>0, or the negated errno.</returns>
    public static int Run(int from, int to, long size)
    {
        if (size == 0 || FileContent.Clone(from, to) == 0) return 0;
        for (long at = 0; at < size;)
        {
            var data = FileContent.Seek(from, at, FileContent.SEEK_DATA);
            if (data == -ErrnoNames.ENXIO) break; // only a hole follows
            if (data < 0) return (int)data;
            var hole = FileContent.Seek(from, data, FileContent.SEEK_HOLE);
            if (hole < 0) return (int)hole;
            for (at = data; at < hole;)
            {
                var copied = FileContent.CopyRange(from, to, at, hole - at);
                if (copied < 0) return (int)copied;
                if (copied == 0) return -ErrnoNames.EIO; // cut off meanwhile: layers do not change
                at += copied;
            }
        }

        return FileContent.SetLength(to, size);
    }
}
