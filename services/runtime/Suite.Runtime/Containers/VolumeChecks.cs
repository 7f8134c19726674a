using Suite.Linux.Errors;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Containers;

/// <summary>What a volume asks for that depends on its pod and on the host.</summary>
internal static class VolumeChecks
{
    public static void Check(ContainerConfig config, Pod pod)
    {
        for (var i = 0; i < config.Mounts.Count; i++)
        {
            var mount = config.Mounts[i];
            if (mount.Ids is not null && mount.Ids != pod.Config.Users)
                throw new SuiteException(ErrorKind.InvalidArgument, $"config.mounts[{i}].uidMappings: must be those of the pod's users, or absent");
            // Where there is no SELinux there is no label to give, and clusters ask for it on all their nodes.
            if (mount.SelinuxRelabel && Directory.Exists("/sys/fs/selinux/class"))
                throw new SuiteException(ErrorKind.Unsupported, $"config.mounts[{i}].selinux_relabel: labels of files are not built; label {mount.HostPath} for containers on the host");
        }
    }
}
