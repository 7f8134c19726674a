namespace Suite.Runtime.Restarts;

internal enum RestartMode
{
    No,
    OnFailure,
    Always,
    UnlessStopped,
}

/// <summary>When a container that has ended is started again.</summary>
/// <param name="Retries">With OnFailure: how often in a row; 0: without end.</param>
internal sealed record RestartPolicy(RestartMode Mode, uint Retries)
{
    public static readonly RestartPolicy No = new(RestartMode.No, 0);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>One that ran as long as this has started well: what came before is forgotten.</summary>
    public static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(10);

    /// <summary>After an end that the service saw.</summary>
    /// <param name="restarts">Those in a row before.</param>
    public bool AppliesAfter(int exitCode, bool stoppedOnPurpose, uint restarts) => !stoppedOnPurpose && Mode switch
    {
        RestartMode.OnFailure => exitCode != 0 && (Retries == 0 || restarts < Retries),
        RestartMode.Always or RestartMode.UnlessStopped => true,
        _ => false,
    };

    /// <summary>When the service starts: "always" comes back even after a stop.</summary>
    public bool AppliesAtStart(int exitCode, bool stoppedOnPurpose, uint restarts) =>
        Mode == RestartMode.Always || AppliesAfter(exitCode, stoppedOnPurpose, restarts);

    /// <summary>Before the next start: doubled each time, so that what fails at once does not keep the machine busy.</summary>
    public static TimeSpan PauseAfter(uint restarts) =>
        restarts >= 10 ? LongestPause : TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << (int)restarts, LongestPause.Ticks));

    public override string ToString() => Mode switch
    {
        RestartMode.OnFailure => Retries > 0 ? $"on-failure:{Retries}" : "on-failure",
        RestartMode.Always => "always",
        RestartMode.UnlessStopped => "unless-stopped",
        _ => "no",
    };
}
