using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>Roots that a process changes to without a pivot.</summary>
internal static unsafe class UnpivotedRoot
{
    public static void Take(Step step, InitContext context)
    {
        switch (step)
        {
            case JoinMounts join:
                NamespaceActions.Join(join.Path, Sched.CLONE_NEWNS);
                KeepIn(join.Root);
                break;
            case MoveRoot move:
                HideKernelFilesystems(context.RootPath);
                Check(fchdir(context.Root), $"enter the root {context.RootPath}");
                fixed (byte* here = ".\0"u8)
                fixed (byte* top = "/\0"u8)
                    Check(mount(here, top, null, MountCalls.MS_MOVE, null), $"move the root {context.RootPath} over /");
                Arrive(move.Propagation, context);
                break;
            case ChangeRoot change:
                Arrive(change.Propagation, context);
                break;
        }
    }

    /// <summary>Changes to an open directory.</summary>
    public static void ChangeTo(int root)
    {
        Check(fchdir(root), "enter the root");
        fixed (byte* here = ".\0"u8)
            Check(chroot(here), "change the root");
        fixed (byte* top = "/\0"u8)
            Check(chdir(top), "enter the new root");
    }

    private static void Arrive(uint propagation, InitContext context)
    {
        ChangeTo(context.Root);
        Descriptor.Close(context.Root);
        context.Root = Descriptor.Open("/", O_PATH | O_DIRECTORY);
        if (propagation != 0)
            RootActions.ChangePropagation("/", propagation);
    }

    /// <summary>A mount that is shared would carry what is mounted on it to whom it is shared with.</summary>
    private static void KeepIn(string root)
    {
        for (var at = root; ; at = RootedPath.Parent(at))
        {
            fixed (byte* target = Descriptor.Path(at))
            {
                if (mount(null, target, null, MountCalls.MS_PRIVATE, null) == 0)
                    return;
                // EINVAL: it is no mount, but in one.
                if (errno != ErrnoNames.EINVAL || at == "/")
                    throw new ErrnoException($"keep the mounts of {root} from being shared", errno);
            }
        }
    }

    /// <summary>
    /// Whole mounts of procfs and sysfs that stay below the root would let a process in a user namespace mount them anew, unmasked
    /// (mount_too_revealing of fs/namespace.c). Those that cannot be taken off are covered.
    /// </summary>
    private static void HideKernelFilesystems(string root)
    {
        foreach (var point in MountTable.Find(type => type is "proc" or "sysfs"))
        {
            if (point == root || point.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
                continue;
            fixed (byte* target = Descriptor.Path(point))
            {
                if (umount2(target, MountCalls.MNT_DETACH) == 0 || errno == ErrnoNames.ENOENT)
                    continue;
                fixed (byte* tmpfs = "tmpfs\0"u8)
                    Check(mount(tmpfs, target, tmpfs, MountCalls.MS_RDONLY, null), $"cover {point} of the host");
            }
        }
    }

    private static void Check(int result, string action)
    {
        if (result != 0)
            throw new ErrnoException(action, errno);
    }
}
