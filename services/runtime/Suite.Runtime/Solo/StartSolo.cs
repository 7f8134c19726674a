using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Containers;
using Suite.Runtime.Journals;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>Starts a pod of one: its sandbox first, then its container. Running already is no error.</summary>
internal sealed class StartSolo(Inventory inventory, KeyedLocks locks, SandboxSetup setup, StartContainer start, EndSolo end, ExitWaits waits, LinkedContainers links, SharedNamespaces shared, Journal journal)
{
    /// <param name="containerId">Its full id.</param>
    /// <param name="again">By its restart policy, and not by a person.</param>
    public async Task StartAsync(string containerId, bool again, CancellationToken cancellationToken)
    {
        using var held = await locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false);
        if (!inventory.TryGetContainer(containerId, out var container))
            throw new SuiteException(ErrorKind.NotFound, $"no container {containerId} is here");
        if (container.State == ContainerState.Running)
            return;
        if (!container.State.MayStartAgain())
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot start container {container.Name}: it is {container.State.Word()}");
        try
        {
            inventory.UpdateContainer(containerId, current => current with { StoppedOnPurpose = false, RestartCount = again ? current.RestartCount + 1 : 0 });
            await SetUpSandboxAsync(container, cancellationToken).ConfigureAwait(false);
            journal.RecordMounts(container, Actions.Mount);
            await start.StartLockedAsync(containerId, ContainerStates.MayStartAgain, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await CleanUpAsync(container).ConfigureAwait(false);
            throw;
        }
    }

    private async Task SetUpSandboxAsync(ContainerRecord container, CancellationToken cancellationToken)
    {
        var (hosts, variables, ipc) = (links.HostsOf(container), links.VariablesOf(container), shared.At(container));
        var pod = inventory.UpdatePod(container.PodId, current => current with { State = PodState.Creating, LinkedHosts = hosts, LinkedVariables = variables, Ipc = ipc })!;
        try
        {
            await setup.SetUpAsync(pod, cancellationToken).ConfigureAwait(false);
        }
        catch (SuiteException missing) when (missing.Kind is ErrorKind.NotFound or ErrorKind.PermissionDenied)
        {
            // A network that is gone, say. To the caller of Start these two speak of the command.
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot start container {container.Name}: {missing.Message}", missing);
        }
    }

    // The reason why it did not start is what the caller has to know: what goes wrong here is left to the janitor.
    private async Task CleanUpAsync(ContainerRecord container)
    {
        try
        {
            await end.EndSandboxAsync(container.PodId, CancellationToken.None).ConfigureAwait(false);
            if (container.Solo is { AutoRemove: true } && inventory.TryGetContainer(container.Id, out var failed))
            {
                await end.RemoveLockedAsync(failed, withVolumes: true, CancellationToken.None).ConfigureAwait(false);
                waits.Release(failed);
            }
        }
        catch (Exception failure) when (failure is SuiteException or IOException)
        {
            // Said above.
        }
    }
}
