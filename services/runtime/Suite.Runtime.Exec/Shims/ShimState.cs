using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Shims;

/// <summary>All that a restarted runtime needs to know of a pod.</summary>
public sealed record ShimState(string PodId, int Pid, IReadOnlyList<ContainerSnapshot> Containers);

public enum ContainerPhase
{
    Created,
    Running,
    Exited,
}

/// <param name="Pid">On the host; 0 unless running.</param>
/// <param name="StartedAt">Null: not yet.</param>
/// <param name="Exit">Null unless exited.</param>
public sealed record ContainerSnapshot(
    string Id,
    ContainerPhase Phase,
    int Pid,
    DateTimeOffset? StartedAt,
    ExitStatus? Exit,
    IReadOnlyList<ExecSnapshot> Execs)
{
    /// <summary>Running, and stopped where it stands.</summary>
    public bool Paused { get; init; }
}

/// <param name="Pid">On the host; 0 when it has ended.</param>
/// <param name="Exit">Null while it runs.</param>
public sealed record ExecSnapshot(string Id, int Pid, ExitStatus? Exit);

/// <summary>A process that now runs.</summary>
/// <param name="Pid">On the host.</param>
public sealed record StartedProcess(int Pid, DateTimeOffset StartedAt);
