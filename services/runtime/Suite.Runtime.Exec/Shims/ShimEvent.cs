namespace Suite.Runtime.Exec.Shims;

/// <summary>Something that happened in a pod without being asked for.</summary>
public abstract record ShimEvent(string ContainerId);

/// <summary>The container's first process has ended and all of its output is in the log.</summary>
public sealed record ContainerExited(string ContainerId, ExitStatus Status) : ShimEvent(ContainerId);

/// <summary>A process that was started with <see cref="ShimConnection.ExecAsync"/> has ended.</summary>
public sealed record ExecExited(string ContainerId, string ExecId, ExitStatus Status) : ShimEvent(ContainerId);

/// <summary>Hooks after the start or after the end of a container failed, which changes nothing for it (runtime.md, Lifecycle).</summary>
/// <param name="Reason">Which, and why.</param>
public sealed record HooksFailed(string ContainerId, string Reason) : ShimEvent(ContainerId);

/// <summary>How a process ended.</summary>
/// <param name="Code">As Docker's: what the process returned, or 128 + the number of the signal that ended it.</param>
/// <param name="FinishedAt">When the shim saw it end.</param>
/// <param name="OomKilled">The kernel killed a process of the container for lack of memory under its limit.</param>
public sealed record ExitStatus(int Code, DateTimeOffset FinishedAt, bool OomKilled);
