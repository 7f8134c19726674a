using Suite.Runtime.Exec.Bundles;

namespace Suite.Runtime.Pods;

/// <summary>A pod as it is: the durable record. Changed only by replacing it, under the pod's lock.</summary>
internal sealed record Pod
{
    public required string Id { get; init; }

    public required PodOrigin Origin { get; init; }

    public required PodConfig Config { get; init; }

    public required PodState State { get; init; }

    /// <summary>Nanoseconds since the epoch.</summary>
    public required long CreatedAt { get; init; }

    public string RuntimeHandler { get; init; } = "";

    /// <summary>What the handler was when the pod was made; null: our own.</summary>
    public OciRuntime? Runtime { get; init; }

    /// <summary>Where the network namespace is mounted; null: the host's, or not made yet.</summary>
    public string? NetnsPath { get; init; }

    /// <summary>Without prefix length, the main one first.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The published ports, with the host ports that were chosen.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    /// <summary>What the links of its container say in its environment.</summary>
    public IReadOnlyList<string> LinkedVariables { get; init; } = [];

    /// <summary>The host's address on the first network; empty: none.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>Other containers by their addresses at the start, for /etc/hosts.</summary>
    public IReadOnlyList<HostLine> LinkedHosts { get; init; } = [];

    /// <summary>Another pod, whose IPC its container shares in this run; null: none.</summary>
    public IpcShare? Ipc { get; init; }

    /// <summary>The shim that owns the pod's processes; null: none.</summary>
    public ShimReference? Shim { get; init; }

    public PodMetadata Metadata => Config.Metadata;

    public bool IsReady => State == PodState.Ready;

    /// <summary>Whether a caller may know of it: half-made pods are nobody's business.</summary>
    public bool IsVisible => State is not (PodState.Creating or PodState.Discarding);

    /// <summary>Whether its name is free for another: what is still to be done for it happens under its id.</summary>
    public bool HasGivenUpName => State is PodState.Discarding or PodState.Removing;

    /// <summary>Whether it may hold anything in the kernel.</summary>
    public bool HoldsKernelState => State is not PodState.NotReady;
}

/// <summary>Whose IPC is shared.</summary>
/// <param name="ShimPid">On the host: its namespaces are the pod's.</param>
internal sealed record IpcShare(string PodId, int ShimPid);

/// <summary>How a pod's shim is found again after a restart of this service.</summary>
internal sealed record ShimReference(string Socket, int Pid);
