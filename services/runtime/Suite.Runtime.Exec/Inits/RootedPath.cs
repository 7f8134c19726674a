using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>Paths of a container, resolved by the kernel as if its root were /: no symbolic link leads out (openat2(2)).</summary>
internal static unsafe class RootedPath
{
    /// <returns>-1, with the reason in <paramref name="error"/>.</returns>
    public static int Open(int root, string path, int flags, out int error, ulong resolve = 0, uint mode = 0)
    {
        var result = OpenAt2.Open(
            root, Encoding.UTF8.GetBytes(path), flags, OpenAt2.RESOLVE_IN_ROOT | OpenAt2.RESOLVE_NO_MAGICLINKS | resolve, mode);
        error = Math.Max(0, -result);
        return Math.Max(-1, result);
    }

    /// <summary>Opens a directory, and makes it and those above it where they are missing.</summary>
    public static int OpenDirectory(int root, string path, ulong resolve = 0)
    {
        var fd = Open(root, path, O_PATH | O_DIRECTORY, out var error, resolve);
        if (fd >= 0)
            return fd;
        if (error != ErrnoNames.ENOENT)
            throw new ErrnoException($"open the directory {path} in the container", error);

        var parent = OpenDirectory(root, Parent(path), resolve);
        fixed (byte* name = Descriptor.Path(Name(path)))
        {
            if (mkdirat(parent, name, (mode_t)0x1ed /* 0755 */) != 0 && errno != ErrnoNames.EEXIST)
                throw new ErrnoException($"make the directory {path} in the container", errno);
        }

        Descriptor.Close(parent);
        fd = Open(root, path, O_PATH | O_DIRECTORY, out error, resolve);
        return fd >= 0 ? fd : throw new ErrnoException($"open the directory {path} in the container", error);
    }

    /// <summary>Opens what is at a path as the place of a mount; makes an empty file, or a directory, where nothing is.</summary>
    public static int OpenMountPoint(int root, string path, bool directory, ulong resolve = 0)
    {
        if (directory)
            return OpenDirectory(root, path, resolve);

        var fd = Open(root, path, O_PATH, out var error, resolve);
        if (fd >= 0)
            return fd;
        if (error != ErrnoNames.ENOENT)
            throw new ErrnoException($"open {path} in the container", error);

        var parent = OpenDirectory(root, Parent(path), resolve);
        fd = Open(parent, Name(path), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, out error, mode: 0x1a4 /* 0644 */);
        Descriptor.Close(parent);
        if (fd < 0)
            throw new ErrnoException($"make the file {path} in the container", error);

        Descriptor.Close(fd);
        fd = Open(root, path, O_PATH, out error, resolve);
        return fd >= 0 ? fd : throw new ErrnoException($"open {path} in the container", error);
    }

    public static string Parent(string path)
    {
        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/');
        return slash <= 0 ? "/" : trimmed[..slash];
    }

    public static string Name(string path)
    {
        var trimmed = path.TrimEnd('/');
        return trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }
}
