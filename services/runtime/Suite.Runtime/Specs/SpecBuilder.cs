using Suite.Oci.Runtime;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Specs;

/// <summary>
/// A container's config.json: the request, the image's defaults and ours. Pure, and the whole of what the exec driver is told,
/// so that a golden text shows every change of what a container may do.
/// </summary>
internal static class SpecBuilder
{
    public static Spec Build(SpecInputs inputs)
    {
        var config = inputs.Container.Config;
        var security = config.Security;
        var spec = BuildAhead(inputs);
        return spec with
        {
            Process = BuildProcess(inputs),
            Annotations = config.Annotations.Count > 0 ? config.Annotations : null,
            Linux = spec.Linux! with
            {
                Resources = ResourceLimits.Of(config.Resources, security.Privileged, inputs.Devices),
                Seccomp = Confinement.SeccompOf(security),
                MaskedPaths = security.Privileged ? null : security.MaskedPaths ?? ProtectedPaths.Masked,
                ReadonlyPaths = security.Privileged ? null : security.ReadOnlyPaths ?? ProtectedPaths.ReadOnly,
            },
        };
    }

    /// <summary>What does not depend on the image, nor on as whom the process runs, which the image's files say.</summary>
    public static Spec BuildAhead(SpecInputs inputs) => new()
    {
        Root = new Root { Path = inputs.PodPlan.RootPath, Readonly = inputs.Container.Config.Security.ReadOnlyRootfs },
        Mounts = ContainerMounts.Of(inputs),
        Linux = new LinuxSpec
        {
            CgroupsPath = inputs.CgroupPath,
            Namespaces = Namespaces(inputs),
            Devices = [.. inputs.Devices.Select(ToNode)],
            RootfsPropagation = ContainerMounts.RootPropagation(inputs.Container.Config.Mounts),
        },
    };

    private static Process BuildProcess(SpecInputs inputs)
    {
        var (config, image, user) = (inputs.Container.Config, inputs.Container.Image.Defaults, inputs.User!);
        var workingDirectory = config.WorkingDirectory.Length > 0 ? config.WorkingDirectory : image.WorkingDirectory;
        return new Process
        {
            Terminal = config.Tty,
            User = new User { Uid = user.Ids.Uid, Gid = user.Ids.Gid, AdditionalGids = user.Ids.Groups },
            Args = CommandLine.Merge(config, image),
            Env = CommandLine.Environment(config with { Environment = [.. inputs.Pod.LinkedVariables, .. config.Environment] }, image, inputs.Pod.Config.Hostname, user.Home),
            // A relative one in an image counts from the root, as every runtime reads it.
            Cwd = Path.Combine("/", workingDirectory),
            Capabilities = ToSets(config.Security),
            NoNewPrivileges = config.Security.NoNewPrivileges,
            Rlimits = config.Ulimits.Count == 0 ? null : [.. config.Ulimits.Select(limit => new Rlimit { Type = $"RLIMIT_{limit.Name.ToUpperInvariant()}", Soft = Infinite(limit.Soft), Hard = Infinite(limit.Hard) })],
            ApparmorProfile = Confinement.AppArmorOf(config.Security),
            SelinuxLabel = Confinement.SelinuxLabelOf(config.Security),
            OomScoreAdj = config.Resources.OomScoreAdjust is { } score ? (int)Math.Clamp(score, -1000, 1000) : null,
        };
    }

    /// <summary>
    /// Inheritable stays empty: a file with inheritable capabilities would otherwise give them to any user (CVE-2022-29162).
    /// What a user other than root gets at execve(2) the kernel decides by the ambient set.
    /// </summary>
    public static Capabilities ToSets(ContainerSecurity security)
    {
        var names = CapabilitySets.Of(security);
        var ambient = CapabilitySets.Ambient(security);
        IReadOnlyList<string> all = [.. names.Union(ambient)];
        return new Capabilities
        {
            Bounding = all,
            Effective = all,
            Permitted = all,
            Inheritable = ambient,
            Ambient = ambient,
        };
    }

    // RLIM_INFINITY is all bits set.
    private static ulong Infinite(long limit) => limit < 0 ? ulong.MaxValue : (ulong)limit;

    // Network, ipc and uts are the pod's, which its shim lives in: not listed is inherited.
    private static IReadOnlyList<LinuxNamespace> Namespaces(SpecInputs inputs)
    {
        var namespaces = new List<LinuxNamespace> { new() { Type = NamespaceTypes.Mount }, new() { Type = NamespaceTypes.Cgroup } };
        if (inputs.Pod.Config.Users is not null)
            namespaces.Add(new LinuxNamespace { Type = NamespaceTypes.User, Path = inputs.PodPlan.UserNamespacePath });
        switch (inputs.Container.Config.Security.Namespaces.Pid)
        {
            case NamespaceMode.Pod when inputs.Pod.Config.SharesProcesses:
                namespaces.Add(new LinuxNamespace { Type = NamespaceTypes.Pid, Path = inputs.PodPlan.PidNamespacePath });
                break;
            case NamespaceMode.Node:
                break;
            case NamespaceMode.Target:
                namespaces.Add(new LinuxNamespace { Type = NamespaceTypes.Pid, Path = $"/proc/{inputs.TargetPid}/ns/pid" });
                break;
            default:
                // In a pod that shares none, each has its own.
                namespaces.Add(new LinuxNamespace { Type = NamespaceTypes.Pid });
                break;
        }
        return namespaces;
    }

    private static LinuxDevice ToNode(ResolvedDevice device) => new()
    {
        Type = device.Type,
        Path = device.Path,
        Major = device.Major,
        Minor = device.Minor,
        FileMode = device.Mode & 0x1ff,
        Uid = device.Uid,
        Gid = device.Gid,
    };
}
