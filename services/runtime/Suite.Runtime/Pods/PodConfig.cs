using Suite.Runtime.Containers;

namespace Suite.Runtime.Pods;

/// <summary>What a caller asked a pod to be. Never changes after the pod is made.</summary>
internal sealed record PodConfig
{
    public required PodMetadata Metadata { get; init; }

    /// <summary>Empty: the host's (only with the host's network).</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Absolute, the folder of the containers' logs; empty: no logs are kept.</summary>
    public string LogDirectory { get; init; } = "";

    public DnsConfig? Dns { get; init; }

    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    /// <summary>Names of networks; empty: the default one. Not used with the host's network.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels.Instance;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = NoLabels.Instance;

    /// <summary>In cgroupfs syntax, for example <c>/kubepods/burstable/pod1</c>; empty: below the instance's own.</summary>
    public string CgroupParent { get; init; } = "";

    public NamespaceModes Namespaces { get; init; } = NamespaceModes.Default;

    /// <summary>Lines of /etc/hosts beside the pod's own. The address "host-gateway" is the host's on the pod's network.</summary>
    public IReadOnlyList<HostLine> ExtraHosts { get; init; } = [];

    /// <summary>Names under which others on its networks find it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Asked for on the first network; empty: the next free one.</summary>
    public string Address { get; init; } = "";

    /// <summary>Bytes of /dev/shm; 0: the configured size.</summary>
    public long SharedMemoryBytes { get; init; }

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = NoLabels.Instance;

    /// <summary>Kept, and without effect: each container says for itself whether it is.</summary>
    public bool Privileged { get; init; }

    /// <summary>The sum of the containers' and the overhead, which kubelet tells for information: the limits are in the cgroup that it made.</summary>
    public ContainerResources? Resources { get; init; }

    public ContainerResources? Overhead { get; init; }
}

/// <summary>The contents of a pod's /etc/resolv.conf.</summary>
internal sealed record DnsConfig(IReadOnlyList<string> Servers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options)
{
    public bool IsEmpty => Servers.Count == 0 && Searches.Count == 0 && Options.Count == 0;
}

/// <summary>A line of /etc/hosts.</summary>
internal sealed record HostLine(string Address, IReadOnlyList<string> Names);

internal enum PortProtocol
{
    Tcp,
    Udp,
    Sctp,
}

/// <summary>A port of the host that leads into the pod. Host port 0 in a request of Kubernetes: not published.</summary>
internal sealed record PortMapping(PortProtocol Protocol, uint ContainerPort, uint HostPort, string HostIp);

/// <summary>The empty set of labels, annotations or sysctls.</summary>
internal static class NoLabels
{
    public static readonly IReadOnlyDictionary<string, string> Instance = new Dictionary<string, string>();
}
