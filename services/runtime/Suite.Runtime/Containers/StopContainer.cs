using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Journals;
using Suite.Runtime.Processes;
using Suite.Runtime.Shims;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;
using Suite.Runtime.Telemetry;

namespace Suite.Runtime.Containers;

/// <summary>Sends the stop signal, waits, then kills. Returns when the end is recorded. Not running is no error.</summary>
internal sealed class StopContainer(Inventory inventory, KeyedLocks locks, PodShims shims, ExitWaits waits, PauseContainer pausing, Journal journal, TimeProvider time)
{
    // A process that survives SIGKILL this long hangs in the kernel, most often on a dead network file system.
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(30);

    /// <param name="containerId">Its full id.</param>
    /// <param name="grace">Between signal and kill; zero kills at once.</param>
    public Task StopAsync(string containerId, TimeSpan grace, CancellationToken cancellationToken) => StopAsync(containerId, grace, null, cancellationToken);

    /// <param name="signal">Null: the container's own.</param>
    public async Task StopAsync(string containerId, TimeSpan grace, int? signal, CancellationToken cancellationToken)
    {
        // A start under way comes to its end first: there is something to stop, or there is not.
        using (await locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false))
        {
        }
        if (!inventory.TryGetContainer(containerId, out var container))
            return;
        var end = waits.EndOf(container);
        if (!container.State.MayHaveProcess())
        {
            await end.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        using var span = Spans.Start("stop container", containerId);
        await pausing.LetGoAsync(containerId).ConfigureAwait(false);
        if (grace > TimeSpan.Zero)
        {
            var first = signal ?? container.StopSignal;
            journal.Record(container, Actions.Kill, ("signal", $"{first}"));
            var stop = new StopSignal(
                () => CaughtSignals.IsDropped(container.Pid, first), () => SignalAsync(container, first, all: false, cancellationToken), time);
            if (await stop.EndsAsync(end, grace, cancellationToken).ConfigureAwait(false))
                return;
        }
        journal.Record(container, Actions.Kill, ("signal", $"{SignalNumbers.Kill}"));
        await SignalAsync(container, SignalNumbers.Kill, all: true, cancellationToken).ConfigureAwait(false);
        if (!await StopSignal.EndsWithinAsync(end, KillPatience, time, cancellationToken).ConfigureAwait(false))
            throw new SuiteException(ErrorKind.DeadlineExceeded, $"container {container.Name} was killed {KillPatience.TotalSeconds:0} s ago and has not ended: a process of it hangs in the kernel");
    }

    private async Task SignalAsync(ContainerRecord container, int signal, bool all, CancellationToken cancellationToken)
    {
        try
        {
            if (shims.Find(container.PodId) is { } shim)
                await shim.SignalAsync(container.Id, signal, all, cancellationToken).ConfigureAwait(false);
        }
        catch (SuiteException gone) when (gone.Kind is ErrorKind.FailedPrecondition or ErrorKind.NotFound or ErrorKind.Unavailable)
        {
            // It has ended meanwhile; the record of it is on its way.
        }
    }
}
