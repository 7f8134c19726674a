namespace Suite.Runtime.Pods;

/// <summary>Where a pod is in its life. A caller is told of ready and not ready only.</summary>
internal enum PodState
{
    /// <summary>The intent is recorded; the kernel may hold any part of the pod. Recovery undoes it.</summary>
    Creating,

    /// <summary>Could not be made, nor yet taken back altogether. Nobody sees it, its name is free, the janitor finishes it.</summary>
    Discarding,

    Ready,

    /// <summary>Being stopped: its containers are killed, its network is given back. Recovery finishes it.</summary>
    Stopping,

    NotReady,

    /// <summary>Being removed. Recovery finishes it.</summary>
    Removing,
}

/// <summary>Who made a pod. A kubelet sees those of Kubernetes only, and leaves the others alone.</summary>
internal enum PodOrigin
{
    Kubernetes,
    Suite,
}
