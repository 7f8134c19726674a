using System.Buffers;

namespace Suite.Hosting.Authorities;

/// <summary>Knows where in a client's bytes the frames of HTTP/2 begin (RFC 9113, 3.4 and 4.1).</summary>
internal sealed class FrameWalk
{
    public const int HeaderSize = 9;
    public const byte Headers = 1;

    private const int PrefaceSize = 24;

    // Of the preface, or of a frame that was passed in part: what is still to come of it.
    private long _left = PrefaceSize;

    /// <returns>How many bytes from the buffer's beginning are before a HEADERS frame, or before a frame too short to tell.</returns>
    public long BeforeHeaders(ReadOnlySequence<byte> buffer)
    {
        var position = Math.Min(_left, buffer.Length);
        while (TryReadHeader(buffer.Slice(position), out var length, out var type) && type != Headers)
            position = Math.Min(position + length, buffer.Length);
        return position;
    }

    /// <summary>These bytes were given out.</summary>
    public void Pass(ReadOnlySequence<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_left == 0)
            {
                // BeforeHeaders gives out whole headers only, unless the reader took less than it was given.
                if (!TryReadHeader(buffer, out var length, out _))
                    return;
                _left = length;
            }
            var passed = Math.Min(_left, buffer.Length);
            _left -= passed;
            buffer = buffer.Slice(passed);
        }
    }

    /// <param name="length">Of the whole frame.</param>
    public static bool TryReadHeader(ReadOnlySequence<byte> buffer, out long length, out byte type)
    {
        (length, type) = (0, 0);
        if (buffer.Length < HeaderSize)
            return false;
        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);
        length = HeaderSize + ((header[0] << 16) | (header[1] << 8) | header[2]);
        type = header[3];
        return true;
    }
}
