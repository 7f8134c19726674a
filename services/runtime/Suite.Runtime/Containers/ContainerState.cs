namespace Suite.Runtime.Containers;

/// <summary>Where a container is in its life.</summary>
internal enum ContainerState
{
    /// <summary>The intent is recorded; its root file system may exist. Recovery undoes it. Nobody sees it.</summary>
    Creating,

    /// <summary>Could not be made, nor yet taken back altogether. Nobody sees it, its name is free, the janitor finishes it.</summary>
    Discarding,

    /// <summary>Made, never started. Holds nothing in the kernel, unless that it was started is not written down yet.</summary>
    Created,

    /// <summary>Being started: its process may exist. Recovery asks the shim.</summary>
    Starting,

    Running,

    Exited,

    /// <summary>Being removed. Recovery finishes it.</summary>
    Removing,
}

/// <summary>What may be done in which state: the table that every use case asks.</summary>
internal static class ContainerStates
{
    public static bool IsVisible(this ContainerState state) => state is not (ContainerState.Creating or ContainerState.Discarding);

    public static bool MayHaveProcess(this ContainerState state) => state is ContainerState.Starting or ContainerState.Running;

    /// <summary>A start is written down a little later than it is answered.</summary>
    public static bool MayHaveStarted(this ContainerState state) => state is ContainerState.Created or ContainerState.Starting or ContainerState.Running;

    /// <summary>Its name is free for another: what is still to be done for it happens under its id.</summary>
    public static bool HasGivenUpName(this ContainerState state) => state is ContainerState.Discarding or ContainerState.Removing;

    /// <summary>CRI starts a container once.</summary>
    public static bool MayStartFirst(this ContainerState state) => state is ContainerState.Created;

    /// <summary>A person may start a container again.</summary>
    public static bool MayStartAgain(this ContainerState state) => state is ContainerState.Created or ContainerState.Exited;

    public static bool MayExec(this ContainerState state) => state is ContainerState.Running;

    /// <summary>The word for people: created, running, exited.</summary>
    public static string Word(this ContainerState state) => state switch
    {
        ContainerState.Creating or ContainerState.Created => "created",
        ContainerState.Starting => "starting",
        ContainerState.Running => "running",
        ContainerState.Exited => "exited",
        _ => "being removed",
    };
}
