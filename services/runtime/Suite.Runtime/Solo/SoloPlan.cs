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
            Namespaces = ModesOf(host),
            Privileged = spec.Privileged,
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
        Mounts = spec.Mounts,
        Labels = spec.Labels,
        Stdin = spec.Stdin,
        Tty = spec.Tty,
        StopSignal = spec.StopSignal.Length > 0 ? SignalNumbers.Parse(spec.StopSignal, "stop_signal") : 0,
        Resources = new ContainerResources
        {
            MemoryBytes = spec.MemoryBytes,
            // As Docker: as much swap again as memory, where the host has swap at all.
            MemorySwapBytes = spec.MemoryBytes * 2,
            CpuPeriod = spec.NanoCpus > 0 ? CpuPeriod : 0,
            CpuQuota = spec.NanoCpus * CpuPeriod / 1_000_000_000,
            PidsLimit = spec.PidsLimit,
        },
        Security = new ContainerSecurity
        {
            User = spec.User,
            Privileged = spec.Privileged,
            AddCapabilities = spec.AddCapabilities,
            DropCapabilities = spec.DropCapabilities,
            // Executing a set-user-id file, as sudo does, gives nothing: who needs that asks for privileged.
            NoNewPrivileges = !spec.Privileged,
            ReadOnlyRootfs = spec.ReadOnlyRootfs,
            Namespaces = ModesOf(spec.Networks.Contains("host")),
        },
    };

    private static NamespaceModes ModesOf(bool hostNetwork) =>
        new(hostNetwork ? NamespaceMode.Node : NamespaceMode.Pod, NamespaceMode.Container, NamespaceMode.Pod, "");
}
