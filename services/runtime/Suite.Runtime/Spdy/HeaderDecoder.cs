using System.Buffers.Binary;
using System.Text;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace Suite.Runtime.Spdy;

/// <summary>
/// Name/value blocks as a peer sends them: all of a session are one zlib stream, so that each must be read, and in order. What
/// a block may unpack to is bounded, whatever it was packed into.
/// </summary>
internal sealed class HeaderDecoder
{
    public const int LargestBlock = 16 << 10;
    private const int MostPairs = 64;

    private readonly Inflater _inflater = new();
    private readonly byte[] _unpacked = new byte[LargestBlock];

    /// <exception cref="SpdyException">The block is not one; the session cannot go on, as later blocks depend on it.</exception>
    public IReadOnlyDictionary<string, string> Read(byte[] frame, int offset, int count)
    {
        try
        {
            return Parse(_unpacked.AsSpan(0, Inflate(frame, offset, count)));
        }
        // Some code trees that are none run its table over (SharpZipLib 1.4.2, found by fuzzing).
        catch (Exception wrong) when (wrong is SharpZipBaseException or IndexOutOfRangeException or ArgumentException or InvalidOperationException)
        {
            throw new SpdyException($"headers that do not unpack: {wrong.Message}", wrong);
        }
    }

    private int Inflate(byte[] frame, int offset, int count)
    {
        _inflater.SetInput(frame, offset, count);
        var length = 0;
        while (true)
        {
            if (length == LargestBlock)
                throw new SpdyException($"headers of more than {LargestBlock} bytes");
            var read = _inflater.Inflate(_unpacked, length, LargestBlock - length);
            length += read;
            if (read > 0)
                continue;
            if (!_inflater.IsNeedingDictionary)
                return length;
            _inflater.SetDictionary(HeaderDictionary.Bytes);
        }
    }

    private static Dictionary<string, string> Parse(ReadOnlySpan<byte> block)
    {
        var pairs = Number(ref block);
        if (pairs > MostPairs)
            throw new SpdyException($"{pairs} headers in one block");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < pairs; i++)
        {
            var name = Word(ref block);
            if (name.Length == 0 || !headers.TryAdd(name, Word(ref block)))
                throw new SpdyException("a header without a name, or twice");
        }
        return headers;
    }

    private static string Word(ref ReadOnlySpan<byte> block)
    {
        var length = Number(ref block);
        if (length > block.Length)
            throw new SpdyException("a header that is longer than its block");
        var word = Encoding.Latin1.GetString(block[..(int)length]);
        block = block[(int)length..];
        return word;
    }

    private static uint Number(ref ReadOnlySpan<byte> block)
    {
        if (block.Length < sizeof(uint))
            throw new SpdyException("headers that end too early");
        var number = BinaryPrimitives.ReadUInt32BigEndian(block);
        block = block[sizeof(uint)..];
        return number;
    }
}

/// <summary>What a peer sent is not SPDY/3.1, or more than we take.</summary>
internal sealed class SpdyException(string message, Exception? inner = null) : IOException(message, inner);
