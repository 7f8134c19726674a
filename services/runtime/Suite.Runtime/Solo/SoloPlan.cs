using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Names;
using Suite.Runtime.Pods;
using Suite.Runtime.Specs;

namespace Suite.Runtime.Solo;

/// <summary>What a person's request means as a pod and a container in it. Pure.</summary>
internal static class SoloPlan
{
    private const long CpuPeriod = 100_000;

    public static PodConfig PodOf(SoloSpec spec, string podId, string containerId)
    {
        var host = spec.Networks.Contains("host");
        if (host && (spec.Networks.Count > 1 || spec.Ports.Count > 0))
            throw new SuiteException(ErrorKind.InvalidArgument, "networks: the host's network stands alone, and its ports need no publishing");
        return new PodConfig
        {
            Metadata = new PodMetadata(spec.Name, podId, "", 0),
            Hostname = spec.Hostname.Length > 0 ? spec.Hostname : host ? "" : IdGenerator.Short(containerId),
            Ports = spec.Ports,
            Networks = host ? [] : spec.Networks,
            Labels = spec.Labels,
            Namespaces = ModesOf(spec),
            Privileged = spec.Privileged,
            Dns = spec.Dns.IsEmpty ? null : spec.Dns,
            Sysctls = spec.Sysctls,
            ExtraHosts = spec.ExtraHosts,
            Aliases = spec.Aliases,
            Address = spec.Address,
            SharedMemoryBytes = spec.SharedMemoryBytes,
            SharesProcesses = spec.Init,
        };
    }

    public static ContainerConfig ContainerOf(SoloSpec spec) => new()
    {
        Name = spec.Name,
        Image = spec.Image,
        // Docker: an entrypoint given, be it empty, silences the image's entrypoint and command both.
        Command = spec.Entrypoint is { } entrypoint ? [.. entrypoint, .. spec.Command] : [],
        Args = spec.Entrypoint is null ? spec.Command : [],
        WorkingDirectory = spec.WorkingDirectory,
        Environment = spec.Environment,
        // What is kept has the numbers that the container sees, so that the next one with other users finds its own.
        Mounts = spec.PrivateUsers ? [.. spec.Mounts.Select(mount => mount with { MapsIds = true })] : spec.Mounts,
        Tmpfs = spec.Tmpfs,
        Ulimits = spec.Ulimits,
        Devices = spec.Devices,
        Labels = spec.Labels,
        Stdin = spec.Stdin,
        Tty = spec.Tty,
        StopSignal = spec.StopSignal.Length > 0 ? SignalNumbers.Parse(spec.StopSignal, "stop_signal") : 0,
        Resources = LimitsOf(spec),
        NoSharedMemory = spec.Ipc == IpcSharing.None,
        Security = new ContainerSecurity
        {
            User = spec.User,
            Privileged = spec.Privileged,
            AddCapabilities = spec.AddCapabilities,
            DropCapabilities = spec.DropCapabilities,
            // Executing a set-user-id file, as sudo does, gives nothing: who needs that asks for privileged.
            NoNewPrivileges = !spec.Privileged && !spec.AllowNewPrivileges,
            SupplementalGroups = spec.Groups,
            GroupNames = spec.GroupNames,
            ReadOnlyRootfs = spec.ReadOnlyRootfs,
            Seccomp = spec.Seccomp ?? new ProfileChoice(ProfileKind.RuntimeDefault, ""),
            AppArmor = spec.AppArmor,
            SelinuxLabel = spec.SelinuxLabel,
            MaskedPaths = spec.UnmaskedPaths ? [] : null,
            ReadOnlyPaths = spec.UnmaskedPaths ? [] : null,
            Namespaces = ModesOf(spec),
        },
    };

    /// <summary>The request as if it had asked for these limits.</summary>
    public static SoloSpec WithLimits(SoloSpec spec, ContainerResources resources) => spec with
    {
        MemoryBytes = resources.MemoryBytes,
        MemorySwapBytes = resources.MemorySwapBytes == resources.MemoryBytes * 2 ? 0 : resources.MemorySwapBytes,
        NanoCpus = resources.CpuPeriod > 0 ? resources.CpuQuota * 1_000_000_000 / resources.CpuPeriod : 0,
        PidsLimit = resources.PidsLimit,
        CpuShares = resources.CpuShares,
        CpusetCpus = resources.CpusetCpus,
        CpusetMems = resources.CpusetMems,
    };

    /// <summary>Limits in the words of the kernel; 0 and empty: not said.</summary>
    public static ContainerResources LimitsOf(SoloSpec spec) => new()
    {
        MemoryBytes = spec.MemoryBytes,
        // As Docker: as much swap again as memory, where the host has swap at all.
        MemorySwapBytes = spec.MemorySwapBytes != 0 ? spec.MemorySwapBytes : spec.MemoryBytes * 2,
        CpuPeriod = spec.NanoCpus > 0 ? CpuPeriod : 0,
        CpuQuota = spec.NanoCpus * CpuPeriod / 1_000_000_000,
        PidsLimit = spec.PidsLimit,
        CpuShares = spec.CpuShares,
        CpusetCpus = spec.CpusetCpus,
        CpusetMems = spec.CpusetMems,
        OomScoreAdjust = spec.OomScoreAdjust,
    };

    private static NamespaceModes ModesOf(SoloSpec spec) => new(
        spec.Networks.Contains("host") ? NamespaceMode.Node : NamespaceMode.Pod,
        spec.HostPid ? NamespaceMode.Node : spec.PidsOf.Length > 0 ? NamespaceMode.Target : spec.Init ? NamespaceMode.Pod : NamespaceMode.Container,
        spec.HostIpc ? NamespaceMode.Node : NamespaceMode.Pod,
        spec.PidsOf);
}
