using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Solo;
using Suite.Runtime.Store;

namespace Suite.Runtime.Recovery;

/// <summary>
/// Finishes what was begun and could not be ended: after a restart, and when another service was down. Looks again from time
/// to time, as long as there is something; who waits for it in a call does not wait for this.
/// </summary>
internal sealed partial class Janitor(
    Inventory inventory,
    RemovePodSandbox removePod,
    StopPodSandbox stopPod,
    RemoveContainer removeContainer,
    EndSolo endSolo,
    OrphanRoots orphans,
    Concurrency.KeyedLocks locks,
    TimeProvider time,
    ILogger<Janitor> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // What fails at first most often fails because another service is being started at the same time.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        var swept = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            swept = swept || await TryAsync("what a kill has left of containers", () => orphans.RemoveAsync(stoppingToken)).ConfigureAwait(false);
            var done = swept;
            foreach (var container in inventory.Containers)
                done &= await TryAsync(container.Name, () => FinishAsync(container, stoppingToken)).ConfigureAwait(false);
            foreach (var pod in inventory.Pods)
                done &= await TryAsync(pod.Metadata.ToString(), () => FinishAsync(pod, stoppingToken)).ConfigureAwait(false);
            await Task.Delay(done ? Pause : pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = done ? FirstPause : TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, Pause.Ticks));
        }
    }

    private Task FinishAsync(ContainerRecord container, CancellationToken cancellationToken) => container switch
    {
        { State: ContainerState.Removing or ContainerState.Discarding, Solo: null } => removeContainer.RemoveAsync(container.Id, cancellationToken),
        { State: ContainerState.Removing or ContainerState.Discarding } => RemoveSoloAsync(container, cancellationToken),
        { State: ContainerState.Exited, Solo: not null } when SandboxIsLeft(container) => endSolo.EndAsync(container.Id),
        _ => Task.CompletedTask,
    };

    private Task FinishAsync(Pod pod, CancellationToken cancellationToken) => pod switch
    {
        { Origin: PodOrigin.Kubernetes, State: PodState.Removing or PodState.Discarding } => removePod.RemoveAsync(pod.Id, cancellationToken),
        { Origin: PodOrigin.Kubernetes, State: PodState.Stopping } => stopPod.StopAsync(pod.Id, cancellationToken),
        { Origin: PodOrigin.Suite, State: PodState.Stopping } => endSolo.EndSandboxAsync(pod.Id, cancellationToken),
        { Origin: PodOrigin.Suite } when inventory.ContainersOf(pod.Id).Count == 0 => ForgetAsync(pod),
        _ => Task.CompletedTask,
    };

    private async Task RemoveSoloAsync(ContainerRecord container, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(container.Id, cancellationToken).ConfigureAwait(false);
        if (inventory.TryGetContainer(container.Id, out var current))
            await endSolo.RemoveLockedAsync(current, withVolumes: current.Solo is { AutoRemove: true }, cancellationToken).ConfigureAwait(false);
    }

    // The container of a pod of one is recorded right after its pod; one that never came was never promised.
    private Task ForgetAsync(Pod pod)
    {
        if (time.NowNanoseconds() - pod.CreatedAt > Pause.Ticks * 100)
            inventory.RemovePod(pod.Id);
        return Task.CompletedTask;
    }

    private bool SandboxIsLeft(ContainerRecord container) =>
        container.Solo is { AutoRemove: true } || (inventory.TryGetPod(container.PodId, out var pod) && pod.HoldsKernelState);

    private async Task<bool> TryAsync(string name, Func<Task> finish)
    {
        try
        {
            await finish().ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is SuiteException or IOException)
        {
            NotYet(name, failure.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Name} is not cleared up yet: {Reason}")]
    private partial void NotYet(string name, string reason);
}
