using System.Runtime.InteropServices;
using System.Text;
using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Streams;

/// <summary>
/// A log in CRI's format: <c>2026-01-02T03:04:05.123456789Z stdout F text</c>, P for a line that goes on. One write for a line,
/// so that a reader never sees half of one.
/// </summary>
internal sealed unsafe class LogFile
{
    /// <summary>The longest text of one line; what is longer becomes several, marked P but the last.</summary>
    public const int MaxText = 16 << 10;

    private const int PrefixSize = 64;

    // Shared by all logs of the pod: one thread writes one line at a time.
    private static byte* s_line;

    private readonly string _path;
    private int _fd = -1;

    public LogFile(string path)
    {
        _path = path;
        Reopen();
    }

    /// <exception cref="Linux.Errors.ErrnoException">It cannot be opened; the former file stays in use.</exception>
    public void Reopen()
    {
        var opened = Descriptor.Open(_path, O_WRONLY | O_CREAT | O_APPEND, 0x1a0 /* 0640 */);
        Descriptor.Close(_fd);
        _fd = opened;
    }

    public void Write(bool error, ReadOnlySpan<byte> text, bool full)
    {
        if (s_line == null)
            s_line = (byte*)NativeMemory.Alloc(PrefixSize + MaxText + 1);

        var line = new Span<byte>(s_line, PrefixSize + MaxText + 1);
        TimeProvider.System.GetUtcNow().TryFormat(line, out var length, "yyyy-MM-dd'T'HH:mm:ss.fffffff", null);
        // .NET counts in steps of 100 ns; nine digits are what readers parse fastest.
        length += Copy(error ? "00Z stderr "u8 : "00Z stdout "u8, line[length..]);
        length += Copy(full ? "F "u8 : "P "u8, line[length..]);
        length += Copy(text, line[length..]);
        line[length++] = (byte)'\n';

        // A full disk or a quota must not stop the container; the line is lost, as it would be in any case.
        for (var written = 0; written < length;)
        {
            var count = (long)write(_fd, s_line + written, length - written);
            if (count <= 0)
                break;
            written += (int)count;
        }
    }

    public void Close()
    {
        Descriptor.Close(_fd);
        _fd = -1;
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> into)
    {
        text.CopyTo(into);
        return text.Length;
    }
}
