using Suite.Linux.Processes;

namespace Suite.Cli.Machine;

/// <summary>Asks processes to end, and kills those that do not.</summary>
internal sealed class ServiceStopper(TimeProvider time)
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(5);

    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(ProcessStat? process, TimeSpan limit)
    {
        if (process is not { } target || HasEnded(target) || !ProcessSignals.Send(target.Pid, ProcessSignals.SIGTERM))
            return true;
        if (await EndedWithinAsync(target, limit))
            return true;
        ProcessSignals.Send(target.Pid, ProcessSignals.SIGKILL);
        await EndedWithinAsync(target, AfterKill);
        return false;
    }

    private async Task<bool> EndedWithinAsync(ProcessStat target, TimeSpan limit)
    {
        var start = time.GetTimestamp();
        while (!HasEnded(target))
        {
            if (time.GetElapsedTime(start) > limit)
                return false;
            await Task.Delay(Pause, time);
        }

        return true;
    }

    /// <summary>A process id may be given again at once; with its start time it is the same process.</summary>
    private static bool HasEnded(ProcessStat target) =>
        ProcessStat.Read(target.Pid) is not { HasEnded: false } now || now.StartTime != target.StartTime;
}
