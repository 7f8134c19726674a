using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Journals;
using Suite.Runtime.Restarts;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>A person stops a container, or starts it again: its restart policy has no say in it.</summary>
internal sealed class StopSolo(Inventory inventory, StopContainer stop, StartSolo start, StartContainer startCri, RestartContainers restarts, Journal journal)
{
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    /// <param name="container">Any.</param>
    /// <param name="grace">Null: the container's own, as for the signal.</param>
    public async Task StopAsync(ContainerRecord container, TimeSpan? grace, int? signal, CancellationToken cancellationToken)
    {
        MarkStopped(container);
        await stop.StopAsync(container.Id, grace ?? GraceOf(container), signal, cancellationToken).ConfigureAwait(false);
        journal.Record(container, Actions.Stop);
    }

    public async Task RestartAsync(ContainerRecord container, TimeSpan? grace, int? signal, CancellationToken cancellationToken)
    {
        if (container.Solo is null)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot restart container {container.Name}: Kubernetes made it, and starts a new one in its place");
        if (container.Solo.AutoRemove && container.State.MayHaveProcess())
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot restart container {container.Name}: it is removed when it stops");
        MarkStopped(container);
        await stop.StopAsync(container.Id, grace ?? GraceOf(container), signal, cancellationToken).ConfigureAwait(false);
        await start.StartAsync(container.Id, again: false, cancellationToken).ConfigureAwait(false);
        journal.Record(container, Actions.Restart);
    }

    public async Task StartAsync(ContainerRecord container, CancellationToken cancellationToken)
    {
        restarts.Forget(container.Id);
        if (container.Solo is not null)
            await start.StartAsync(container.Id, again: false, cancellationToken).ConfigureAwait(false);
        else if (container.State != ContainerState.Running)
            await startCri.StartAsync(container.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Before the signal: the end may come quicker than the next line.</summary>
    public void MarkStopped(ContainerRecord container)
    {
        restarts.Forget(container.Id);
        if (container.Solo is not null)
            inventory.UpdateContainer(container.Id, current => current with { StoppedOnPurpose = true });
    }

    private static TimeSpan GraceOf(ContainerRecord container) =>
        container.Solo?.StopTimeout is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultGrace;
}
