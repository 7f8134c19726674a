using System.Buffers.Text;
using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Cgroups;

/// <summary>
/// Reads the small files of cgroupfs and procfs, thousands in a row, into one buffer that is used again for each: what is
/// returned holds until the next read. Not for several threads at once.
/// </summary>
public sealed class FigureReader
{
    // A file that a stranger's processes make longer (cgroup.procs) is cut here.
    private const int MostBytes = 1 << 20;

    private byte[] _buffer = new byte[16 << 10];

    /// <returns>The file's bytes; empty when it is not there.</returns>
    public ReadOnlySpan<byte> Read(string path)
    {
        var fd = Descriptor.TryOpen(path, O_RDONLY, 0, out _);
        if (fd < 0)
            return default;
        var length = 0;
        while (Descriptor.Read(fd, _buffer.AsSpan(length)) is var count and > 0)
        {
            length += count;
            if (length < _buffer.Length)
                continue;
            if (length >= MostBytes)
                break;
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        Descriptor.Close(fd);
        return _buffer.AsSpan(0, length);
    }

    /// <returns>The number that is all of the file; null when there is no file, or when it says "max".</returns>
    public ulong? Number(string path) =>
        Utf8Parser.TryParse(Read(path), out ulong value, out var length) && length > 0 ? value : null;

    /// <returns>As <see cref="Number"/>, and null too for what cgroup v1 means by "no limit": the largest multiple of a page.</returns>
    public ulong? Limit(string path) => Number(path) is { } value && value < long.MaxValue - 65_536 ? value : null;
}
