using Suite.Oci.Runtime;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Specs;

/// <summary>What is mounted in a container beside its root, in order: the kernel's file systems, the pod's files, the caller's.</summary>
internal static class ContainerMounts
{
    public static IReadOnlyList<Mount> Of(SpecInputs inputs)
    {
        var config = inputs.Container.Config;
        var asked = config.Mounts.Select(mount => mount.ContainerPath).Concat(config.Tmpfs.Select(mount => mount.ContainerPath)).ToHashSet();
        IEnumerable<Mount> ours = [.. KernelFileSystems(inputs), .. PodFiles(inputs)];
        // A caller that brings its own /etc/hosts or /dev/shm means it.
        return [.. ours.Where(mount => !asked.Contains(mount.Destination)), .. config.Tmpfs.Select(Tmpfs), .. config.Mounts.Select(mount => Bind(mount, inputs.Pod))];
    }

    /// <summary>Mounts that travel need a root that lets them pass (mount_namespaces(7)).</summary>
    public static string RootPropagation(IReadOnlyList<BindMount> mounts) =>
        mounts.Any(mount => mount.Propagation == Propagation.Bidirectional) ? "rshared"
        : mounts.Any(mount => mount.Propagation == Propagation.HostToContainer) ? "rslave"
        : "rprivate";

    private static IEnumerable<Mount> KernelFileSystems(SpecInputs inputs)
    {
        var privileged = inputs.Container.Config.Security.Privileged;
        var writable = privileged ? "rw" : "ro";
        yield return FileSystem("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        yield return FileSystem("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        yield return FileSystem("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");
        yield return FileSystem("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        // sysfs shows the devices of the network namespace it is mounted in, so each pod gets one of its own.
        yield return FileSystem("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", writable);
        yield return FileSystem("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", writable);
        if (inputs.Container.Config.NoSharedMemory)
            yield break;
        yield return new Mount
        {
            Destination = "/dev/shm",
            Type = "bind",
            Source = inputs.PodPlan.SharedMemoryPath,
            Options = ["rbind", "rprivate", "rw", "nosuid", "noexec", "nodev"],
        };
    }

    private static IEnumerable<Mount> PodFiles(SpecInputs inputs)
    {
        var options = inputs.Container.Config.Security.ReadOnlyRootfs ? "ro" : "rw";
        foreach (var name in PodFileNames.All)
        {
            yield return new Mount
            {
                Destination = $"/etc/{name}",
                Type = "bind",
                Source = Path.Combine(inputs.PodPlan.Directory, name),
                Options = ["rbind", "rprivate", options],
            };
        }
    }

    private static Mount Bind(BindMount mount, Pod pod)
    {
        if (mount.Image is { } volume)
        {
            var made = volume.Mount!;
            return new Mount { Destination = mount.ContainerPath, Type = made.Type, Source = made.Source, Options = [.. made.Options, .. mount.Options, .. IdsOf(made, pod)] };
        }
        var options = new List<string>
        {
            "rbind",
            mount.Propagation switch
            {
                Propagation.Bidirectional => "rshared",
                Propagation.HostToContainer => "rslave",
                _ => "rprivate",
            },
            mount.RecursiveReadOnly ? "rro" : mount.ReadOnly ? "ro" : "rw",
        };
        if (mount.MapsIds)
            options.Add("idmap");
        options.AddRange(mount.Options);
        return new Mount { Destination = mount.ContainerPath, Type = "bind", Source = mount.HostPath, Options = options };
    }

    // Layers are kept with the numbers that are in the image. Several laid over each other stay the host's, to read.
    private static IReadOnlyList<string> IdsOf(RootfsMount made, Pod pod) => pod.Config.Users is not null && made.Type == "bind" ? ["idmap"] : [];

    private static Mount Tmpfs(TmpfsMount mount)
    {
        var said = mount.Options.ToHashSet();
        string Unless(string option, string opposite) => said.Contains(option) || said.Contains(opposite) ? "" : option;
        return FileSystem(mount.ContainerPath, "tmpfs", "tmpfs", [.. new[] { Unless("nosuid", "suid"), Unless("nodev", "dev"), Unless("noexec", "exec") }.Where(option => option.Length > 0), .. mount.Options]);
    }

    private static Mount FileSystem(string destination, string type, string source, params IReadOnlyList<string> options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options };
}
