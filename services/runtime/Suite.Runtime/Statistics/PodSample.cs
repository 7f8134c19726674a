using Suite.Runtime.Pods;

namespace Suite.Runtime.Statistics;

/// <summary>What a pod uses at one moment, all of it and each container.</summary>
internal sealed record PodSample
{
    public required Pod Pod { get; init; }

    /// <summary>Nanoseconds since the epoch.</summary>
    public required long At { get; init; }

    /// <summary>Null when the pod is not ready.</summary>
    public UsageSample? Usage { get; init; }

    /// <summary>Without loopback; empty for the host's network, which is not the pod's.</summary>
    public IReadOnlyList<InterfaceFigures> Interfaces { get; init; } = [];

    public IReadOnlyList<ContainerSample> Containers { get; init; } = [];
}
