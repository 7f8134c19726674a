using Suite.Hosting;
using Suite.Oci.Runtime;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Pods;

/// <summary>Where a pod and its containers are on this machine. Pure: the same pod has the same places after a restart.</summary>
internal sealed class PodPlaces(SuitePaths paths, RuntimeOptions options)
{
    /// <summary>The parent of all cgroups of this instance.</summary>
    public string CgroupRoot => "/" + paths.Instance;

    public string PodsDirectory => Path.Combine(paths.Run, "pods");

    /// <summary>A folder for each other runtime, by the name of its handler.</summary>
    public string HandlersDirectory => Path.Combine(paths.Run, "handlers");

    public string DirectoryOf(string podId) => Path.Combine(PodsDirectory, podId);

    /// <summary>A container's own files, its log among them when no pod's log folder holds it.</summary>
    public string StateOf(string containerId) => Path.Combine(paths.StateDirectory("runtime"), "containers", containerId);

    /// <summary>Compiled filters of system calls, root's alone.</summary>
    public string FiltersDirectory => Path.Combine(paths.StateDirectory("runtime"), "filters");

    public string CgroupOf(Pod pod)
    {
        var parent = pod.Config.CgroupParent.Length > 0 ? "/" + pod.Config.CgroupParent.Trim('/') : CgroupRoot;
        return $"{parent}/{pod.Id}";
    }

    public string CgroupOf(Pod pod, string containerId) => $"{CgroupOf(pod)}/{containerId}";

    public string? LogOf(Pod pod, ContainerConfig config) =>
        config.LogPath.Length == 0 || pod.Config.LogDirectory.Length == 0 ? null : Path.Combine(pod.Config.LogDirectory, config.LogPath);

    public PodPlan PlanOf(Pod pod)
    {
        var config = pod.Config;
        var hostUts = config.Namespaces.HostNetwork && config.Hostname.Length == 0;
        return new PodPlan
        {
            Id = pod.Id,
            Directory = DirectoryOf(pod.Id),
            CgroupPath = CgroupOf(pod),
            NetworkNamespace = pod.NetnsPath,
            UidMappings = config.Users is { } map ? [ToMapping(map.Users)] : [],
            GidMappings = config.Users is { } groups ? [ToMapping(groups.Groups)] : [],
            SharedPids = config.SharesProcesses,
            HostIpc = config.Namespaces.HostIpc,
            SharedIpc = pod.Ipc is { } ipc ? new SharedIpc(ipc.ShimPid, PodPlan.SharedMemoryIn(DirectoryOf(ipc.PodId))) : null,
            HostUts = hostUts,
            Hostname = config.Hostname.Length > 0 ? config.Hostname : null,
            SharedMemoryBytes = config.SharedMemoryBytes > 0 ? config.SharedMemoryBytes : options.SharedMemoryBytes,
            Sysctls = config.Sysctls,
            Runtime = pod.Runtime,
        };
    }

    /// <summary>
    /// What the shim can make before the pod's network is there: all but the namespace. Null when a process of the pod's, or its
    /// user namespace, has to be made in the network from the first.
    /// </summary>
    public PodPlan? PlanBeforeNetwork(Pod pod) =>
        pod.Config.Namespaces.HostNetwork || pod.Config.SharesProcesses || pod.Config.Users is not null ? null : PlanOf(pod) with { NetworkNamespace = null, NetworkFollows = true };

    private static IdMapping ToMapping(IdRange range) => new() { ContainerID = 0, HostID = range.First, Size = range.Count };
}
