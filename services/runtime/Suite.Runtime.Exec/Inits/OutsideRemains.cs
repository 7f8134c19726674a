using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>What of a container does not end with its processes, its cgroup and its namespaces.</summary>
internal static unsafe class OutsideRemains
{
    /// <summary>The number of the mount that a descriptor is of.</summary>
    public static ulong MountOf(int root) => FileCalls.StatAt(root, [], out var status) == 0 ? status.MountId : 0;

    /// <returns>The pid of a child that takes its mounts off, to be waited for; 0: there is none.</returns>
    public static int Remove(OutsideWork outside, ReadOnlySpan<int> namespaces)
    {
        if (outside.Resctrl is { } group)
            Resctrl.Remove(group);
        return outside.Mounts is { MountId: > 0 } joined ? OutsideProcess.Start(() => TakeOff(joined), -1, joined.Namespace.Length == 0 ? [] : namespaces) : 0;
    }

    // A namespace that is gone has no mounts; and what is at that path may be another's, of whoever gave us the root.
    private static void TakeOff(JoinedMounts joined)
    {
        if (joined.Namespace.Length > 0)
        {
            var mounts = Descriptor.TryOpen(joined.Namespace, O_RDONLY, 0, out _);
            if (mounts < 0 || setns(mounts, (int)Sched.CLONE_NEWNS) != 0)
                return;
        }

        var root = Descriptor.TryOpen(joined.Root, O_PATH | O_DIRECTORY, 0, out _);
        if (root < 0 || MountOf(root) != joined.MountId)
            return;
        fixed (byte* path = Descriptor.Path(joined.Root))
            _ = umount2(path, MountCalls.MNT_DETACH);
    }
}
