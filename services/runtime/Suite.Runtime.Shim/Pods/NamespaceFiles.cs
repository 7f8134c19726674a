using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>Paths for namespaces of the pod that the shim is not in itself, in its own mount namespace.</summary>
internal static unsafe class NamespaceFiles
{
    public static void Bind(PodPlan pod, string type, string source)
    {
        PodNamespaces.MakeDirectory(pod.NamespaceFolder);
        var path = $"{pod.NamespaceFolder}/{type}";
        Descriptor.Close(Descriptor.Open(path, O_WRONLY | O_CREAT, 0x180 /* 0600 */));
        fixed (byte* from = Descriptor.Path(source))
        fixed (byte* to = Descriptor.Path(path))
        {
            if (mount(from, to, null, MountCalls.MS_BIND, null) != 0)
                throw new ErrnoException($"bind {source} to {path}", errno);
        }
    }

    public static void RemoveAll(PodPlan pod)
    {
        foreach (var type in (ReadOnlySpan<string>)["user", "pid", "net"])
        {
            var path = $"{pod.NamespaceFolder}/{type}";
            fixed (byte* name = Descriptor.Path(path))
                _ = umount2(name, MountCalls.MNT_DETACH);
            Descriptor.TryUnlink(path);
        }

        _ = Descriptor.TryRemoveDirectory(pod.NamespaceFolder);
    }
}
