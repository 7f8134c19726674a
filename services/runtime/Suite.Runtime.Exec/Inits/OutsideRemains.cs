using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>What of a container does not end with its processes, its cgroup and its namespaces.</summary>
internal static unsafe class OutsideRemains
{
    /// <returns>The number of the namespace at a path; 0 if there is none.</returns>
    public static ulong InodeOf(string path) => FileCalls.Stat(System.Text.Encoding.UTF8.GetBytes(path), followLink: true, out var status) == 0 ? status.Inode : 0;

    /// <returns>The pid of a child that takes its mounts off, to be waited for; 0: there is none.</returns>
    public static int Remove(OutsideWork outside, ReadOnlySpan<int> namespaces)
    {
        if (outside.Resctrl is { } group)
            Resctrl.Remove(group);
        return outside.Mounts is { } joined ? OutsideProcess.Start(() => TakeOff(joined), -1, namespaces) : 0;
    }

    // A namespace that is gone has no mounts.
    private static void TakeOff(JoinedMounts joined)
    {
        var mounts = Descriptor.TryOpen(joined.Namespace, O_RDONLY, 0, out _);
        if (mounts < 0 || FileCalls.StatAt(mounts, [], out var status) != 0 || status.Inode != joined.Inode || setns(mounts, (int)Sched.CLONE_NEWNS) != 0)
            return;
        fixed (byte* root = Descriptor.Path(joined.Root))
            _ = umount2(root, MountCalls.MNT_DETACH);
    }
}
