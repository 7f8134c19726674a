using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Pods;
using Suite.Runtime.Shims;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;

namespace Suite.Runtime.Recovery;

/// <summary>
/// Before the socket opens: what the database says is made to agree with the shims that live. This part needs no other
/// service; what does is left, marked, to the <see cref="Janitor"/>.
/// </summary>
internal sealed partial class Recover(
    Inventory inventory, PodShims shims, PodPlaces places, RecordExit recordExit, ExitWaits waits, TimeProvider time, ILogger<Recover> logger)
{
    // A shim answers within milliseconds. One that hangs in the kernel must not keep all pods of the node from their kubelet.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var container in inventory.Containers)
            RecoverContainer(container);
        Pod[] pods = [.. inventory.Pods.Select(Begin)];
        var recovering = Task.WhenAll(pods.Select(pod => TryRecoverAsync(pod, cancellationToken)));
        try
        {
            await recovering.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // They go on: their pods answer Unavailable until their shims do answer.
            foreach (var pod in pods.Where(pod => pod.HoldsKernelState && shims.Find(pod.Id) is null))
                StillWaiting(pod.Metadata.ToString());
        }
    }

    // The caller of a half-made one got no answer, and comes again: under the same name, which this frees.
    private Pod Begin(Pod pod) => inventory.UpdatePod(pod.Id, current => current.State == PodState.Creating
        ? current with { State = current.Origin == PodOrigin.Kubernetes ? PodState.Discarding : PodState.Stopping }
        : current)!;

    private async Task TryRecoverAsync(Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            await RecoverPodAsync(pod, cancellationToken).ConfigureAwait(false);
        }
        catch (SuiteException gone) when (gone.Kind == ErrorKind.Unavailable)
        {
            // It ended between two of our questions.
            Lose(pod);
        }
    }

    private async Task RecoverPodAsync(Pod pod, CancellationToken cancellationToken)
    {
        var shim = pod.HoldsKernelState ? await ConnectAsync(pod, cancellationToken).ConfigureAwait(false) : null;
        switch (pod.State)
        {
            case PodState.Ready when shim is not null:
                await AgreeAsync(pod, shim, cancellationToken).ConfigureAwait(false);
                shims.Adopt(pod.Id, shim);
                break;
            case PodState.Ready:
                Lose(pod);
                break;
            default:
                if (shim is not null)
                    shims.Adopt(pod.Id, shim);
                break;
        }
    }

    private void Lose(Pod pod)
    {
        Lost(pod.Metadata.ToString());
        inventory.UpdatePod(pod.Id, current => current.State == PodState.Ready ? current with { State = PodState.Stopping } : current);
        foreach (var container in inventory.ContainersOf(pod.Id))
            recordExit.RecordLost(container.Id, time.NowNanoseconds());
    }

    private async Task<ShimConnection?> ConnectAsync(Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            return await ShimConnection.ConnectAsync(places.PlanOf(pod).SocketPath, cancellationToken).ConfigureAwait(false);
        }
        catch (SuiteException gone) when (gone.Kind is ErrorKind.Unavailable or ErrorKind.NotFound)
        {
            return null;
        }
    }

    // The shim knows how its containers are; we know which of them we have told anybody about.
    private async Task AgreeAsync(Pod pod, ShimConnection shim, CancellationToken cancellationToken)
    {
        var state = await shim.ReadStateAsync(cancellationToken).ConfigureAwait(false);
        await EndExecsAsync(shim, state, cancellationToken).ConfigureAwait(false);
        var known = state.Containers.ToDictionary(container => container.Id);
        foreach (var container in inventory.ContainersOf(pod.Id))
        {
            var actual = known.GetValueOrDefault(container.Id);
            if (actual is not null && (container.State.MayHaveProcess() || WasStarted(container, actual)))
                Agree(container, actual);
            else if (container.State.MayHaveProcess())
                recordExit.RecordLost(container.Id, time.NowNanoseconds());
        }
    }

    // That it starts is written down a moment after the shim has been asked.
    private static bool WasStarted(ContainerRecord container, ContainerSnapshot actual) =>
        container.State == ContainerState.Created && actual.Phase is ContainerPhase.Running or ContainerPhase.Exited;

    // Whoever waited for them has gone with the process before this one.
    private static async Task EndExecsAsync(ShimConnection shim, ShimState state, CancellationToken cancellationToken)
    {
        foreach (var (container, exec) in state.Containers.SelectMany(container => container.Execs.Select(exec => (container, exec))))
        {
            if (exec.Exit is null && exec.Id.StartsWith(ExecProcess.Background, StringComparison.Ordinal))
                continue;
            if (exec.Exit is null)
                await shim.SignalExecAsync(container.Id, exec.Id, SignalNumbers.Kill, cancellationToken).ConfigureAwait(false);
            else
                await shim.DeleteExecAsync(container.Id, exec.Id, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Agree(ContainerRecord container, ContainerSnapshot actual)
    {
        switch (actual.Phase)
        {
            case ContainerPhase.Running:
                waits.Arm(container.Id);
                inventory.UpdateContainer(container.Id, current => AsStarted(current, actual));
                break;
            case ContainerPhase.Exited when actual.Exit is { } exit:
                inventory.UpdateContainer(container.Id, current => AsStarted(current, actual));
                recordExit.Record(container.Id, exit);
                break;
            default:
                // Known to the shim, never started: its caller comes again, and makes it known anew.
                inventory.UpdateContainer(container.Id, current => current with { State = ContainerState.Created });
                break;
        }
    }

    private static ContainerRecord AsStarted(ContainerRecord container, ContainerSnapshot actual) => container with
    {
        State = ContainerState.Running,
        Pid = actual.Pid,
        StartedAt = actual.StartedAt?.ToNanoseconds() ?? container.StartedAt,
    };

    private void RecoverContainer(ContainerRecord container)
    {
        if (container.State == ContainerState.Creating || !inventory.TryGetPod(container.PodId, out _))
            inventory.UpdateContainer(container.Id, current => current with { State = ContainerState.Discarding });
    }

    [LoggerMessage(LogLevel.Warning, "the shim of pod {Pod} does not answer; its containers cannot be reached until it does")]
    private partial void StillWaiting(string pod);

    [LoggerMessage(LogLevel.Warning, "the shim of pod {Pod} did not survive; its containers are recorded as lost")]
    private partial void Lost(string pod);
}
