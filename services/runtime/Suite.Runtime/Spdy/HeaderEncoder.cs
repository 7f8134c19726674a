using System.Buffers.Binary;
using System.Text;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace Suite.Runtime.Spdy;

/// <summary>Name/value blocks as we send them: one zlib stream for the session, flushed after each block.</summary>
internal sealed class HeaderEncoder
{
    private readonly Deflater _deflater = new(Deflater.BEST_SPEED);

    public HeaderEncoder() => _deflater.SetDictionary(HeaderDictionary.Bytes);

    public byte[] Write(IReadOnlyDictionary<string, string> headers)
    {
        var block = new MemoryStream();
        WriteNumber(block, headers.Count);
        foreach (var (name, value) in headers)
        {
            WriteWord(block, name.ToLowerInvariant());
            WriteWord(block, value);
        }
        return Deflate(block.ToArray());
    }

    private byte[] Deflate(byte[] block)
    {
        _deflater.SetInput(block);
        _deflater.Flush();
        var packed = new MemoryStream();
        var buffer = new byte[512];
        while (_deflater.Deflate(buffer, 0, buffer.Length) is var written and > 0)
            packed.Write(buffer, 0, written);
        return packed.ToArray();
    }

    private static void WriteWord(MemoryStream block, string word)
    {
        var bytes = Encoding.Latin1.GetBytes(word);
        WriteNumber(block, bytes.Length);
        block.Write(bytes);
    }

    private static void WriteNumber(MemoryStream block, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        block.Write(bytes);
    }
}
