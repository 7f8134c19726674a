using System.Text;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Runtime.Copies;

/// <summary>Paths inside a root, resolved by the kernel so that no link and no ".." leads out (openat2(2), RESOLVE_IN_ROOT).</summary>
internal static class RootedFile
{
    private const ulong Inside = OpenAt2.RESOLVE_IN_ROOT | OpenAt2.RESOLVE_NO_MAGICLINKS;

    /// <returns>Null: there is no such path.</returns>
    public static SafeFileHandle? TryOpen(SafeFileHandle root, string path, int flags)
    {
        var descriptor = OpenAt2.Open((int)root.DangerousGetHandle(), Bytes(path), flags, Inside);
        return descriptor switch
        {
            >= 0 => new SafeFileHandle(descriptor, ownsHandle: true),
            -ErrnoNames.ENOENT or -ErrnoNames.ENOTDIR => null,
            _ => throw new ErrnoException($"open {path} in the container", -descriptor),
        };
    }

    public static SafeFileHandle OpenFolder(SafeFileHandle root, string path) =>
        TryOpen(root, path, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY) ?? throw new SuiteException(ErrorKind.NotFound, $"there is no folder {path} in the container");

    /// <summary>A folder, made with those above it where they are missing, as tar makes the parents of what it unpacks.</summary>
    public static SafeFileHandle MakeFolder(SafeFileHandle root, string path)
    {
        if (TryOpen(root, path, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY) is { } there)
            return there;
        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/');
        using (var parent = MakeFolder(root, slash > 0 ? trimmed[..slash] : "/"))
        {
            var result = FileCalls.MkdirAt(Number(parent), Bytes(trimmed[(slash + 1)..]), 0x1ed /* 0755 */);
            if (result is not (0 or -ErrnoNames.EEXIST))
                throw new ErrnoException($"make the folder {path} in the container", -result);
        }
        return OpenFolder(root, path);
    }

    public static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
