using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Events;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Pods;
using Suite.Runtime.Restarts;
using Suite.Runtime.Solo;
using Suite.Runtime.Store;

namespace Suite.Runtime.Shims;

/// <summary>Acts on what shims report: records ends, lets go those who wait, and clears up pods whose shim was killed.</summary>
internal sealed partial class ExitPump(
    PodShims shims,
    Inventory inventory,
    RecordExit recordExit,
    ExitWaits waits,
    EndSolo endSolo,
    SandboxTeardown teardown,
    RestartContainers restarts,
    ContainerEvents events,
    TimeProvider time,
    ILogger<ExitPump> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var happened in shims.Events.ReadAllAsync(stoppingToken).ConfigureAwait(false))
        {
            if (happened.Event is ContainerExited exited)
                Ended(recordExit.Record(exited.ContainerId, exited.Status));
            else if (happened.Event is HooksFailed hooks)
                HooksHaveFailed(hooks.ContainerId, hooks.Reason);
            else if (happened.Event is null)
                _ = LoseAsync(happened.PodId);
        }
    }

    /// <summary>A container's end is recorded: what follows from it.</summary>
    public void Ended(ContainerRecord? container)
    {
        if (container is null)
            return;
        if (container.Solo is null)
            waits.Release(container);
        else
            _ = EndSoloAsync(container);
    }

    private async Task EndSoloAsync(ContainerRecord container)
    {
        try
        {
            await endSolo.EndAsync(container.Id).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SuiteException or IOException)
        {
            // The janitor tries again.
            CouldNotEnd(container.Name, failure.Message);
        }
        finally
        {
            waits.Release(container);
            restarts.AfterEnd(container);
        }
    }

    private async Task LoseAsync(string podId)
    {
        if (!inventory.TryGetPod(podId, out var pod) || pod.State != PodState.Ready)
            return;
        ShimLost(podId);
        Func<Pod, Pod> after = current => current with { State = PodState.NotReady, NetnsPath = null, Shim = null };
        try
        {
            await teardown.TearDownAsync(pod, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SuiteException or IOException)
        {
            // The janitor tries again: a pod that is not ready would have nothing left to give back.
            after = current => current with { State = PodState.Stopping };
            CouldNotEnd(pod.Metadata.ToString(), failure.Message);
        }
        var lost = inventory.UpdatePod(podId, current => current.State == PodState.Ready ? after(current) : current);
        foreach (var container in inventory.ContainersOf(podId))
            Ended(recordExit.RecordLost(container.Id, time.NowNanoseconds()));
        if (lost is not null)
            events.PodStopped(lost);
    }

    [LoggerMessage(LogLevel.Warning, "the shim of pod {PodId} was killed; its containers are lost")]
    private partial void ShimLost(string podId);

    [LoggerMessage(LogLevel.Warning, "hooks of the container {ContainerId} have failed, which changes nothing for it: {Reason}")]
    private partial void HooksHaveFailed(string containerId, string reason);

    [LoggerMessage(LogLevel.Warning, "{Name} has ended, and could not be cleared up: {Reason}")]
    private partial void CouldNotEnd(string name, string reason);
}
