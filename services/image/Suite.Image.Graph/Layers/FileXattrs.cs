using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Layers;

/// <summary>Reads the extended attributes that belong to a file's content, in order of their names.</summary>
internal static class FileXattrs
{
    /// <summary>Of an open file or directory.</summary>
    public static List<(byte[] Name, byte[] Value)> Of(int file) =>
        Read(names => Xattr.List(file, names), (name, value) => Xattr.Get(file, name, value));

    /// <summary>Of links and devices, which cannot be opened: through the directory's descriptor, whose name nobody can swap.</summary>
    public static List<(byte[] Name, byte[] Value)> Of(int directory, ReadOnlySpan<byte> name)
    {
        byte[] path = [.. Encoding.ASCII.GetBytes($"/proc/self/fd/{directory}/"), .. name];
        return Read(names => Xattr.ListNoFollow(path, names), (key, value) => Xattr.GetNoFollow(path, key, value));
    }

    public static bool Same(List<(byte[] Name, byte[] Value)> left, List<(byte[] Name, byte[] Value)> right) =>
        left.Count == right.Count && left.Zip(right).All(p => p.First.Name.AsSpan().SequenceEqual(p.Second.Name) && p.First.Value.AsSpan().SequenceEqual(p.Second.Value));

    private delegate int Lister(Span<byte> names);

    private delegate int Getter(ReadOnlySpan<byte> name, Span<byte> value);

    private static List<(byte[] Name, byte[] Value)> Read(Lister list, Getter get)
    {
        var found = new List<(byte[], byte[])>();
        Span<byte> small = stackalloc byte[512];
        var length = list(small);
        if (length is 0 or -ErrnoNames.EOPNOTSUPP) return found;
        var names = small;
        if (length == -ErrnoNames.ERANGE) length = list(names = new byte[Xattr.MaxValue]);
        if (length < 0) throw new ErrnoException("list the extended attributes of a file", -length);
        foreach (var range in names[..length].Split((byte)0))
        {
            var name = names[range];
            if (name.IsEmpty || !IsContent(name)) continue;
            var value = new byte[Xattr.MaxValue];
            var size = get(name, value);
            if (size == -ErrnoNames.ENODATA) continue; // removed meanwhile
            if (size < 0) throw new ErrnoException($"read the extended attribute {Encoding.UTF8.GetString(name)}", -size);
            found.Add((name.ToArray(), value[..size]));
        }

        found.Sort((a, b) => a.Item1.AsSpan().SequenceCompareTo(b.Item1));
        return found;
    }

    /// <summary>Labels of a security module belong to this machine, those of overlayfs to its bookkeeping.</summary>
    private static bool IsContent(ReadOnlySpan<byte> name) =>
        !name.StartsWith("trusted.overlay."u8) && !name.StartsWith("user.overlay."u8)
        && (!name.StartsWith("security."u8) || name.SequenceEqual("security.capability"u8));
}
