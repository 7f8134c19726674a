using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Layers;

/// <summary>Symbolic links as bytes.</summary>
internal static class FileLinks
{
    /// <summary>Where the link points to: any text, of PATH_MAX bytes at most.</summary>
    public static byte[] Read(int directory, ReadOnlySpan<byte> name)
    {
        Span<byte> target = stackalloc byte[4096];
        var length = FileCalls.ReadLinkAt(directory, name, target);
        return length < 0 ? throw new ErrnoException($"read the link {Tar.TarEntry.Show(name)}", -length) : target[..length].ToArray();
    }
}
