using System.Text;
using Suite.Image.Graph.Tar;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Layers;

/// <summary>Sets an entry's extended attributes, except those by which a layer could speak to overlayfs itself.</summary>
internal sealed class EntryXattrs
{
    public void Set(int file, TarEntry entry)
    {
        foreach (var (name, value) in entry.Xattrs)
            if (IsAllowed(name)) Check(entry, name, Xattr.Set(file, name, value));
    }

    /// <summary>For links and devices, which cannot be opened: through the directory's descriptor, whose name nobody can swap.</summary>
    public void SetOn(int directory, ReadOnlySpan<byte> file, TarEntry entry)
    {
        foreach (var (name, value) in entry.Xattrs)
        {
            if (!IsAllowed(name)) continue;
            Check(entry, name, SetOn(directory, file, name, value));
        }
    }

    public static int SetOn(int directory, ReadOnlySpan<byte> file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Xattr.SetNoFollow([.. Encoding.ASCII.GetBytes($"/proc/self/fd/{directory}/"), .. file], name, value);

    /// <summary>trusted.overlay.redirect and .metacopy would let a layer point at files of others.</summary>
    private static bool IsAllowed(ReadOnlySpan<byte> name) =>
        !name.StartsWith("trusted.overlay."u8) && !name.StartsWith("user.overlay."u8);

    private static void Check(TarEntry entry, byte[] name, int result)
    {
        if (result >= 0 || result == -ErrnoNames.EOPNOTSUPP) return; // a file system without them: as tar(1) does
        // user.* is for files and directories only (xattr(7)); archivers write it for links all the same.
        if (result == -ErrnoNames.EPERM && name.AsSpan().StartsWith("user."u8)) return;
        throw new ErrnoException($"set the attribute {TarEntry.Show(name)} of the tar entry '{entry.ShownName}'", -result);
    }
}
