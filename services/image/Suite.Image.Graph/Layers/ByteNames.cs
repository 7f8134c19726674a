using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Layers;

/// <summary>Names of files as the kernel has them: bytes, ordered as bytes, so that the same tree is always walked alike.</summary>
internal static class ByteNames
{
    public static Comparer<byte[]> Order { get; } = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    public static EqualityComparer<byte[]> Equality { get; } = EqualityComparer<byte[]>.Create((a, b) => a.AsSpan().SequenceEqual(b), Hash);

    /// <summary>The names in an open directory, in order.</summary>
    public static List<byte[]> In(int directory)
    {
        // A descriptor of its own: one that was listed before stands at its end.
        var again = FileCalls.OpenAt(directory, "."u8, LayerRoot.Directory);
        if (again < 0) throw new ErrnoException("open a directory to list it", -again);
        var names = new List<byte[]>();
        var result = Dirent.Read(again, names);
        FileCalls.Close(again);
        if (result < 0) throw new ErrnoException("list a directory", -result);
        names.Sort(Order);
        return names;
    }

    private static int Hash(byte[] name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        return hash.ToHashCode();
    }
}
