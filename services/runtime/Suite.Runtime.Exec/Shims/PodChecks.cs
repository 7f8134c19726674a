using Suite.Linux.Errors;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Shims;

/// <summary>A pod's plan is refused here, before a shim is touched.</summary>
internal static class PodChecks
{
    public static void Check(PodPlan pod)
    {
        Names.CheckId(pod.Id, "pod.id");
        Names.CheckAbsolute(pod.Directory, "pod.directory");
        Names.CheckCgroupPath(pod.CgroupPath, "pod.cgroupPath");
        if (pod.Hostname is { Length: > 0 } hostname)
        {
            Names.CheckHostname(hostname, "pod.hostname");
            if (pod.HostUts)
                throw new SuiteException(ErrorKind.InvalidArgument, "pod.hostname: a pod that shares the host's name cannot have one of its own");
        }

        var map = IdentityMap.From(pod.UidMappings, pod.GidMappings, "pod.");
        if (map is not null && (IdentityMap.HostOf(map.Uids, 0) is null || IdentityMap.HostOf(map.Gids, 0) is null))
            throw new SuiteException(ErrorKind.InvalidArgument, "pod.uidMappings: the id 0 is not mapped, as user or as group");
        if (pod is { OwnNetwork: true, NetworkNamespace: not null })
            throw new SuiteException(ErrorKind.InvalidArgument, "pod.ownNetwork: networkNamespace is given as well; give one of the two");
        if (pod is { NetworkFollows: true } and ({ OwnNetwork: true } or { NetworkNamespace: not null } or { SharedPids: true } or { UidMappings.Count: > 0 }))
            throw new SuiteException(ErrorKind.InvalidArgument, "pod.networkFollows: the network namespace cannot follow when another is given, or a process of the pod is in it from the start");
        if (pod.Runtime is { } runtime)
        {
            Names.CheckAbsolute(runtime.Path, "pod.runtime.path");
            Names.CheckAbsolute(runtime.Root, "pod.runtime.root");
        }

        if (pod is { SharedIpc: not null } and ({ HostIpc: true } or { UidMappings.Count: > 0 }))
            throw new SuiteException(ErrorKind.InvalidArgument, "pod.sharedIpc: the pod has the host's IPC, or users of its own, whose namespaces cannot be another's");
        foreach (var (name, value) in pod.Sysctls)
        {
            var field = $"pod.sysctls[{name}]";
            var type = Sysctls.NamespaceOf(name, field);
            Sysctls.CheckValue(value, field);
            if (type == Oci.Runtime.NamespaceTypes.Ipc && (pod.HostIpc || pod.SharedIpc is not null) || type == Oci.Runtime.NamespaceTypes.Network && pod is { NetworkNamespace: null, OwnNetwork: false, NetworkFollows: false })
                throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: the pod shares the {type} namespace of the host or of another pod, whose settings it may not change");
        }
    }
}
