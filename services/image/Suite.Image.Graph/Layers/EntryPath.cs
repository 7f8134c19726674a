using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;

namespace Suite.Image.Graph.Layers;

/// <summary>
/// The name of an entry as a path below the layer's root. A leading slash or <c>./</c> means the root, as tar(1) has it; a
/// <c>..</c> anywhere is refused: no layer needs one, and every escape begins with one.
/// </summary>
internal readonly ref struct EntryPath
{
    private const int MaxComponent = 255;

    private EntryPath(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name)
    {
        Parent = parent;
        Name = name;
    }

    /// <summary>Path of the directory, empty for the root.</summary>
    public ReadOnlySpan<byte> Parent { get; }

    /// <summary>Last component; empty when the entry is the root itself.</summary>
    public ReadOnlySpan<byte> Name { get; }

    public byte[] Whole() => Parent.IsEmpty ? Name.ToArray() : [.. Parent, (byte)'/', .. Name];

    public static EntryPath Parse(ReadOnlySpan<byte> written) => Parse(written, written, "its name");

    /// <summary>The target of a hard link, which is the name of an earlier entry.</summary>
    public static EntryPath ParseTarget(TarEntry entry) => Parse(entry.LinkName, entry.Name, "the target of its link");

    private static EntryPath Parse(ReadOnlySpan<byte> written, ReadOnlySpan<byte> entry, string what)
    {
        if (written.Contains((byte)0)) throw Refused(entry, $"{what} holds a NUL");
        var clean = new byte[written.Length];
        int length = 0, parent = 0, start = 0;
        foreach (var range in written.Split((byte)'/'))
        {
            var component = written[range];
            if (component.IsEmpty || component.SequenceEqual("."u8)) continue;
            if (component.SequenceEqual(".."u8)) throw Refused(entry, $"{what} leaves the layer's root by '..'");
            if (component.Length > MaxComponent) throw Refused(entry, $"a part of {what} is longer than {MaxComponent} bytes");
            parent = length;
            if (length > 0) clean[length++] = (byte)'/';
            start = length;
            component.CopyTo(clean.AsSpan(length));
            length += component.Length;
        }

        return new EntryPath(clean.AsSpan(0, parent), clean.AsSpan(start, length - start));
    }

    public static SuiteException Refused(ReadOnlySpan<byte> entry, string why) =>
        new(ErrorKind.Corrupt, $"The tar entry '{TarEntry.Show(entry)}' is refused: {why}.");
}
