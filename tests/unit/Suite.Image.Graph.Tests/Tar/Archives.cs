using System.Text;
using Suite.Image.Graph.Tar;

namespace Suite.Image.Graph.Tests.Tar;

/// <summary>Archives for tests, written by hand where the writer would not.</summary>
internal static class Archives
{
    public static TarEntry File(string name, string content) => new() { Name = Encoding.UTF8.GetBytes(name), Mode = 0x1A4, Size = content.Length };

    public static byte[] Of(params (TarEntry Entry, string Content)[] entries)
    {
        var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        foreach (var (entry, content) in entries)
        {
            writer.Begin(entry);
            writer.Write(Encoding.UTF8.GetBytes(content));
        }

        writer.Finish();
        return stream.ToArray();
    }

    /// <summary>One block with a valid checksum around whatever fields a test sets.</summary>
    public static byte[] Block(string name, char type, string size, Action<byte[]>? change = null)
    {
        var block = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(block, 0);
        "0000644\0"u8.CopyTo(block.AsSpan(100));
        "0000000\0"u8.CopyTo(block.AsSpan(108));
        "0000000\0"u8.CopyTo(block.AsSpan(116));
        Encoding.ASCII.GetBytes(size).CopyTo(block, 124);
        "00000000000\0"u8.CopyTo(block.AsSpan(136));
        block[156] = (byte)type;
        "ustar\00000"u8.CopyTo(block.AsSpan(257));
        change?.Invoke(block);
        block.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(block.Sum(b => b), 8).PadLeft(6, '0')).CopyTo(block, 148);
        block[154] = 0;
        return block;
    }

    public static byte[] Padded(byte[] content) => [.. content, .. new byte[-content.Length & 511]];

    /// <summary>All entries with their content.</summary>
    public static List<(TarEntry Entry, byte[] Content)> Read(byte[] archive, TarLimits? limits = null)
    {
        var reader = new TarReader(new MemoryStream(archive), limits);
        var all = new List<(TarEntry, byte[])>();
        while (reader.Next() is { } entry)
        {
            var content = new MemoryStream();
            for (var piece = reader.ReadBody(); !piece.IsEmpty; piece = reader.ReadBody()) content.Write(piece);
            all.Add((entry, content.ToArray()));
        }

        reader.Drain();
        return all;
    }
}
