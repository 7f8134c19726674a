using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>Runs after the pivot, so / is the container's root and the host is out of reach whatever a link says.</summary>
internal static unsafe class MaskActions
{
    private static string? s_emptyDirectory;

    public static void Take(Step step)
    {
        var path = step is MaskPath mask ? mask.Path : ((ProtectPath)step).Path;
        var target = RootedPath.Open(AT_FDCWD, path, O_PATH, out var error);
        if (error is ErrnoNames.ENOENT or ErrnoNames.ENOTDIR)
            return;
        if (target < 0)
            throw new ErrnoException($"open {path}", error);

        if (step is ProtectPath)
            Protect(target, path);
        else if (MountActions.IsDirectory(target))
            HideDirectory(target, path);
        else
            HideFile(target, path);
        Descriptor.Close(target);
    }

    private static void Protect(int target, string path)
    {
        var copy = CloneTree(target, path, recursive: true);
        MountActions.SetAttributes(copy, MountCalls.MOUNT_ATTR_RDONLY, 0, 0, recursive: true, path);
        FilesystemMount.Attach(copy, target, path);
        Descriptor.Close(copy);
    }

    /// <summary>One empty file system for all of them: making each its own costs more than everything else here.</summary>
    private static void HideDirectory(int target, string path)
    {
        if (s_emptyDirectory is null)
        {
            var empty = FilesystemMount.Create(
                "tmpfs", "tmpfs", new MountSettings(MountCalls.MOUNT_ATTR_RDONLY, 0, 0, 0, 0, ["nr_inodes=1"]), readOnlyFilesystem: true);
            FilesystemMount.Attach(empty, target, path);
            Descriptor.Close(empty);
            s_emptyDirectory = path;
            return;
        }

        var copy = MountActions.CloneTree(s_emptyDirectory, recursive: false);
        FilesystemMount.Attach(copy, target, path);
        Descriptor.Close(copy);
    }

    private static void HideFile(int target, string path)
    {
        var source = RootedPath.Open(AT_FDCWD, "/dev/null", O_PATH | O_NOFOLLOW, out var error);
        if (source < 0)
            throw new ErrnoException("open /dev/null", error);

        // An image or a mount could have put something else there, to have it bound over /proc (CVE-2025-31133).
        stat status;
        if (fstat(source, &status) != 0 || ((uint)status.st_mode & 0xf000) != 0x2000 || (ulong)status.st_rdev != 0x103)
            throw new SuiteException(ErrorKind.FailedPrecondition, "/dev/null of the container is not the null device (character device 1:3)");

        var copy = CloneTree(source, path, recursive: false);
        FilesystemMount.Attach(copy, target, path);
        Descriptor.Close(copy);
        Descriptor.Close(source);
    }

    public static int CloneTree(int fd, string path, bool recursive)
    {
        fixed (byte* empty = "\0"u8)
        {
            var flags = MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC | MountCalls.AT_EMPTY_PATH | (recursive ? MountCalls.AT_RECURSIVE : 0);
            var tree = MountCalls.open_tree(fd, empty, flags);
            return tree >= 0 ? tree : throw new ErrnoException($"bind {path}", errno);
        }
    }
}
