using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Pods;
using Suite.Runtime.Users;

namespace Suite.Runtime.Specs;

/// <summary>All that a container's specification follows from. What the host has to be asked was asked before.</summary>
internal sealed record SpecInputs
{
    public required ContainerRecord Container { get; init; }

    public required Pod Pod { get; init; }

    /// <summary>What the pod's shim was told: the places of its shared memory and its root directory.</summary>
    public required PodPlan PodPlan { get; init; }

    /// <summary>Null: not known yet.</summary>
    public ResolvedUser? User { get; init; }

    public required IReadOnlyList<ResolvedDevice> Devices { get; init; }

    /// <summary>Path below the root of each cgroup hierarchy.</summary>
    public required string CgroupPath { get; init; }

    /// <summary>Of the container whose pid namespace is joined; null: none is.</summary>
    public int? TargetPid { get; init; }
}

/// <summary>A device node of the host, as stat(2) sees it.</summary>
/// <param name="Type"><c>c</c> or <c>b</c>.</param>
internal sealed record ResolvedDevice(string Path, string Type, long Major, long Minor, uint Mode, uint Uid, uint Gid, string Permissions);
