namespace Suite.Runtime.Exec.Shims;

public sealed record ShimLauncherOptions
{
    /// <summary>The suite-shim executable; by default the one beside this program.</summary>
    public string ExecutablePath { get; init; } = Path.Combine(AppContext.BaseDirectory, "suite-shim");

    /// <summary>How many shims are started before a pod needs them. 0: each pod waits for its own to start.</summary>
    public int Spares { get; init; } = 2;

    /// <summary>
    /// How long after a spare one was taken another is started. The start takes as much of a processor as the making of the pod
    /// that took it, and would be in its way.
    /// </summary>
    public TimeSpan RefillDelay { get; init; } = TimeSpan.FromMilliseconds(100);
}
