using Suite.Runtime.Containers;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Events;

/// <summary>What happened to a pod or container, in CRI's order of words.</summary>
internal enum ContainerEventKind
{
    Created,
    Started,
    Stopped,
    Deleted,
}

/// <summary>
/// One thing that happened, with the pod and its containers as they were right after it: kubelet need not ask again, and what
/// it is told does not depend on when it reads.
/// </summary>
/// <param name="Id">Of the container, or of the pod itself.</param>
/// <param name="At">Nanoseconds since the epoch.</param>
/// <param name="Pod">As it was last, when it is the pod that went.</param>
internal sealed record ContainerEvent(string Id, ContainerEventKind Kind, long At, Pod Pod, IReadOnlyList<ContainerRecord> Containers);
