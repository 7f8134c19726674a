using System.Buffers.Binary;
using System.Text;

namespace Suite.Runtime.Spdy;

/// <summary>
/// Name/value blocks as we send them: one zlib stream for the session (RFC 1950, with the preset dictionary), of stored blocks. What
/// is sent is four bytes most often, which nothing makes shorter.
/// </summary>
internal sealed class HeaderEncoder
{
    // Deflate with a window of 32 KiB; a preset dictionary, and the bits that make both bytes a multiple of 31.
    private static ReadOnlySpan<byte> Header => [0x78, 0x20];

    /// <summary>
    /// An empty stored block. Go's inflater, which is that of kubelet and crictl, hands out what it has at such a block and at the end
    /// of its input, and an end that comes too early it does not get over.
    /// </summary>
    private static ReadOnlySpan<byte> Flush => [0, 0, 0, 0xff, 0xff];

    private const int LargestBlock = ushort.MaxValue;

    private bool _begun;

    public byte[] Write(IReadOnlyDictionary<string, string> headers)
    {
        var block = new MemoryStream();
        WriteNumber(block, headers.Count);
        foreach (var (name, value) in headers)
        {
            WriteWord(block, name.ToLowerInvariant());
            WriteWord(block, value);
        }
        return Pack(block.GetBuffer().AsSpan(0, (int)block.Length));
    }

    private byte[] Pack(ReadOnlySpan<byte> block)
    {
        var packed = new MemoryStream();
        if (!_begun)
        {
            packed.Write(Header);
            WriteNumber(packed, (int)Adler(HeaderDictionary.Bytes));
        }
        _begun = true;
        for (; block.Length > 0; block = block[Math.Min(block.Length, LargestBlock)..])
            WriteStored(packed, block[..Math.Min(block.Length, LargestBlock)]);
        packed.Write(Flush);
        return packed.ToArray();
    }

    // RFC 1951, 3.2.4: not the last, of type 0, then the length and its complement.
    private static void WriteStored(MemoryStream packed, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[5];
        BinaryPrimitives.WriteUInt16LittleEndian(head[1..], (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[3..], (ushort)~bytes.Length);
        packed.Write(head);
        packed.Write(bytes);
    }

    // RFC 1950, 9.
    private static uint Adler(ReadOnlySpan<byte> bytes)
    {
        const uint modulus = 65521;
        var (sum, sums) = (1u, 0u);
        foreach (var one in bytes)
        {
            sum = (sum + one) % modulus;
            sums = (sums + sum) % modulus;
        }
        return (sums << 16) | sum;
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
