using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Events;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Journals;
using Suite.Runtime.Pods;
using Suite.Runtime.Shims;
using Suite.Runtime.Specs;
using Suite.Runtime.Store;
using Suite.Runtime.Streams;
using Suite.Runtime.Telemetry;

namespace Suite.Runtime.Containers;

/// <summary>Starts a container in a pod that is ready. Returns when its program has been executed.</summary>
internal sealed class StartContainer(
    Inventory inventory,
    KeyedLocks locks,
    PodShims shims,
    ContainerPlanner planner,
    PendingAttachments attachments,
    ExitWaits waits,
    ContainerEvents events,
    Journal journal,
    TimeProvider time)
{
    /// <summary>CRI: a container is started once.</summary>
    public async Task StartAsync(string containerId, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false);
        await StartLockedAsync(containerId, ContainerStates.MayStartFirst, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>For a caller that holds the container's lock.</summary>
    public async Task StartLockedAsync(string containerId, Func<ContainerState, bool> mayStart, CancellationToken cancellationToken)
    {
        var (container, pod) = Claim(containerId, mayStart);
        waits.Arm(containerId);
        try
        {
            var (plan, user) = planner.PlanStart(container, pod, TargetPid(container));
            if (container.LogPath.Length > 0)
                Directory.CreateDirectory(Path.GetDirectoryName(container.LogPath)!);
            var started = await StartInShimAsync(container, plan, cancellationToken).ConfigureAwait(false);
            Update(container, current => current with
            {
                // One that was quick has ended already, and its end is recorded.
                State = current.State == ContainerState.Starting ? ContainerState.Running : current.State,
                Pid = current.State == ContainerState.Starting ? started.Pid : 0,
                StartedAt = started.StartedAt.ToNanoseconds(),
                User = user,
            });
            events.Publish(containerId, pod.Id, ContainerEventKind.Started);
            journal.Record(container, Actions.Start);
        }
        catch (Exception failure)
        {
            if (Fail(container, failure) is { } failed)
                waits.Release(failed);
            throw;
        }
    }

    // What becomes of a container of Kubernetes is with its shim from here on, and there a restart would find it. The pod of a person's
    // container starts and ends with it, and must not be found without.
    private ContainerRecord? Update(ContainerRecord container, Func<ContainerRecord, ContainerRecord> change) =>
        container.Solo is null ? inventory.UpdateContainerSoon(container.Id, change) : inventory.UpdateContainer(container.Id, change);

    private (ContainerRecord Container, Pod Pod) Claim(string containerId, Func<ContainerState, bool> mayStart)
    {
        Pod? pod = null;
        if (!inventory.TryGetContainer(containerId, out var known))
            throw Lookup.NoContainer(containerId);
        var container = Update(known, current =>
        {
            if (!mayStart(current.State))
                throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot start container {current.Name}: it is {current.State.Word()}");
            if (!inventory.TryGetPod(current.PodId, out pod) || !pod.IsReady)
                throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot start container {current.Name}: its pod is not ready");
            return current with { State = ContainerState.Starting, ExitCode = 0, Reason = "", Message = "", StartedAt = 0, FinishedAt = 0 };
        }) ?? throw Lookup.NoContainer(containerId);
        return (container, pod!);
    }

    private async Task<StartedProcess> StartInShimAsync(ContainerRecord container, ContainerPlan plan, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("start in shim", container.Id);
        cancellationToken.ThrowIfCancellationRequested();
        var shim = shims.Of(container.PodId);
        // From here to the answer it is milliseconds, and no state in between is worth telling apart: not cancelled. The shim does
        // one after the other, so the start is asked before it has said that it knows the container.
        var known = shim.CreateContainerAsync(container.Id, Streams(container), CancellationToken.None);
        try
        {
            await attachments.ConnectAsync(container, shim).ConfigureAwait(false);
            var started = shim.StartContainerAsync(plan, CancellationToken.None);
            // When this failed, what it says is the reason for the failure of the other.
            await known.ConfigureAwait(false);
            return await started.ConfigureAwait(false);
        }
        catch (SuiteException failure) when (failure.Kind != ErrorKind.Unavailable)
        {
            await shim.DeleteContainerAsync(container.Id, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private ContainerStreams Streams(ContainerRecord container) => new()
    {
        LogPath = container.LogPath.Length > 0 ? container.LogPath : null,
        Input = container.Config.Stdin,
        Terminal = container.Config.Tty,
        Size = attachments.SizeFor(container.Id),
    };

    private int? TargetPid(ContainerRecord container)
    {
        var namespaces = container.Config.Security.Namespaces;
        if (namespaces.Pid != NamespaceMode.Target)
            return null;
        return inventory.TryGetContainer(namespaces.TargetId, out var target) && (target.PodId == container.PodId || container.Solo is not null) && target.Pid > 0
            ? target.Pid
            : throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot start container {container.Name}: target container {namespaces.TargetId} does not run{(container.Solo is null ? " in its pod" : "")}");
    }

    private ContainerRecord? Fail(ContainerRecord container, Exception failure) => inventory.UpdateContainer(container.Id, current =>
        current.State != ContainerState.Starting ? current : failure is OperationCanceledException
            ? current with { State = ContainerState.Created }
            : current with
            {
                State = ContainerState.Exited,
                ExitCode = failure is StartFailedException start ? start.ExitCode : 128,
                FinishedAt = time.NowNanoseconds(),
                Reason = ExitReasons.StartError,
                Message = failure.Message,
            });
}
