using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>
/// The namespaces of the pod are the shim's own, so that no pause process holds them. They are per thread; the containers are
/// cloned from this one, and inherit them.
/// </summary>
internal static unsafe class PodNamespaces
{
    public static void Make(PodPlan pod)
    {
        var owned = OwnedNamespaces.Make(pod);
        if (pod.NetworkNamespace is { } network)
            NamespaceActions.Join(network, Sched.CLONE_NEWNET);

        if (pod.SharedIpc is { } shared)
            NamespaceActions.Join(NamespaceOf(shared, "ipc"), Sched.CLONE_NEWIPC);
        var flags = Sched.CLONE_NEWNS;
        // Those that the pod's user namespace is to own were made with it.
        flags |= pod.HostIpc || pod.SharedIpc is not null || owned is not null ? 0 : Sched.CLONE_NEWIPC;
        flags |= pod.HostUts || owned is not null ? 0 : Sched.CLONE_NEWUTS;
        flags |= pod.OwnNetwork && owned is null ? Sched.CLONE_NEWNET : 0;
        Check(unshare((int)flags), "make the pod's namespaces");

        // Slave: what is mounted here is not seen there. What the host mounts or unmounts later is done here too where its mounts are shared;
        // the sources of volumes are looked up in the host's own namespace, for where they are not.
        fixed (byte* root = "/\0"u8)
            Check(mount(null, root, null, MountCalls.MS_SLAVE | MountCalls.MS_REC, null), "make the pod's mounts slaves of the host's");
        owned?.Enter(pod);
        if (pod.Hostname is { Length: > 0 } hostname)
        {
            fixed (byte* name = Descriptor.Path(hostname))
                Check(sethostname(name, hostname.Length), "set the hostname of the pod");
        }

        // What is not the user namespace's is not its root's to set either.
        WriteSysctls(pod, network: !pod.NetworkFollows && !(owned is not null && pod.OwnNetwork), others: owned is null);
        if (owned is not null)
            OwnedNamespaces.WriteSysctls(pod);
        MakeDirectory(pod.RootPath);
        if (pod.OwnNetwork)
            NamespaceFiles.Bind(pod, "net", "/proc/self/ns/net");
        if (pod.SharedIpc is { } other)
            BindSharedMemory(pod, other);
        else if (!pod.HostIpc)
            MountSharedMemory(pod);
    }

    /// <summary>The network namespace that <see cref="PodPlan.NetworkFollows"/> announced, and its settings.</summary>
    public static void JoinNetwork(PodPlan pod, int network)
    {
        Check(setns(network, (int)Sched.CLONE_NEWNET), "join the pod's network namespace");
        WriteSysctls(pod, network: true, others: false);
    }

    /// <summary>What is left of it in the host's file system.</summary>
    public static void RemoveDirectories(PodPlan pod)
    {
        if (!pod.HostIpc)
        {
            fixed (byte* path = Descriptor.Path(pod.SharedMemoryPath))
                _ = umount2(path, MountCalls.MNT_DETACH);
            _ = Descriptor.TryRemoveDirectory(pod.SharedMemoryPath);
        }

        NamespaceFiles.RemoveAll(pod);
        _ = Descriptor.TryRemoveDirectory(pod.RootPath);
        Descriptor.TryUnlink(pod.SocketPath);
    }

    private static void WriteSysctls(PodPlan pod, bool network, bool others)
    {
        foreach (var (name, value) in pod.Sysctls)
        {
            if (Sysctls.IsOfNetwork(name) ? network : others)
                PrivateProc.WriteSysctl(name, value);
        }
    }

    private static void MountSharedMemory(PodPlan pod)
    {
        MakeDirectory(pod.SharedMemoryPath);
        var settings = new MountSettings(
            MountCalls.MOUNT_ATTR_NOSUID | MountCalls.MOUNT_ATTR_NODEV | MountCalls.MOUNT_ATTR_NOEXEC, 0, 0, 0, 0, ["mode=1777", $"size={pod.SharedMemoryBytes}"]);
        var tmpfs = FilesystemMount.Create("tmpfs", "shm", settings, readOnlyFilesystem: false);
        var directory = Descriptor.Open(pod.SharedMemoryPath, O_PATH | O_DIRECTORY);
        FilesystemMount.Attach(tmpfs, directory, pod.SharedMemoryPath);
        Descriptor.Close(directory);
        Descriptor.Close(tmpfs);
    }

    /// <summary>
    /// Another pod's tmpfs is mounted in that one's mount namespace alone: a copy of the mount is taken there, and attached here
    /// (open_tree(2) takes what is in the caller's namespace, move_mount(2) puts it anywhere).
    /// </summary>
    private static void BindSharedMemory(PodPlan pod, SharedIpc other)
    {
        MakeDirectory(pod.SharedMemoryPath);
        var own = Descriptor.Open("/proc/thread-self/ns/mnt", O_RDONLY);
        NamespaceActions.Join(NamespaceOf(other, "mnt"), Sched.CLONE_NEWNS);
        int tree;
        fixed (byte* path = Descriptor.Path(other.SharedMemoryPath))
            tree = MountCalls.open_tree(AT_FDCWD, path, MountCalls.OPEN_TREE_CLONE | MountCalls.OPEN_TREE_CLOEXEC);
        var error = tree < 0 ? errno : 0;
        Check(setns(own, (int)Sched.CLONE_NEWNS), "come back to the pod's mount namespace");
        Descriptor.Close(own);
        if (tree < 0)
            throw new ErrnoException($"share {other.SharedMemoryPath} of another pod", error);
        var directory = Descriptor.Open(pod.SharedMemoryPath, O_PATH | O_DIRECTORY);
        FilesystemMount.Attach(tree, directory, pod.SharedMemoryPath);
        Descriptor.Close(directory);
        Descriptor.Close(tree);
    }

    private static string NamespaceOf(SharedIpc other, string type) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{other.ShimPid}/ns/{type}");

    public static void MakeDirectory(string path)
    {
        var error = Descriptor.TryMakeDirectory(path, 0x1c0 /* 0700 */);
        if (error != 0)
            throw new ErrnoException($"make the directory {path}", error);
    }

    private static void Check(int result, string action)
    {
        if (result != 0)
            throw new ErrnoException(action, errno);
    }
}
