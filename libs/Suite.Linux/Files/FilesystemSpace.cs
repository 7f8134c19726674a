using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Files;

/// <summary>How large the file system of a path is, and how much of it is free to a user (statvfs(3)).</summary>
public readonly record struct FilesystemSpace(ulong Bytes, ulong FreeBytes, ulong Inodes, ulong FreeInodes)
{
    /// <exception cref="ErrnoException">The path is not there, or may not be looked at.</exception>
    public static unsafe FilesystemSpace Of(string path)
    {
        statvfs found;
        fixed (byte* name = Descriptor.Path(path))
        {
            if (LibC.statvfs(name, &found) != 0)
                throw new ErrnoException($"ask for the space of the file system of {path}", errno);
        }
        var fragment = (ulong)found.f_frsize;
        return new((ulong)found.f_blocks * fragment, (ulong)found.f_bavail * fragment, (ulong)found.f_files, (ulong)found.f_favail);
    }
}
