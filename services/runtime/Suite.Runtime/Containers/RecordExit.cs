using Suite.Runtime.Events;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Journals;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>Writes down, once, how a container ended.</summary>
internal sealed class RecordExit(Inventory inventory, ContainerEvents events, Journal journal)
{
    /// <returns>The container after it; null when it is gone, or its end is known already.</returns>
    public ContainerRecord? Record(string containerId, ExitStatus status) => Record(containerId, container => container with
    {
        ExitCode = status.Code,
        FinishedAt = status.FinishedAt.ToNanoseconds(),
        Reason = ExitReasons.Of(status.Code, status.OomKilled),
        Message = status.OomKilled ? "the container used more memory than its limit allows, and the kernel killed it" : "",
    });

    /// <summary>For one whose end nobody saw: its shim was killed, or the machine went down.</summary>
    public ContainerRecord? RecordLost(string containerId, long now) => Record(containerId, container => container with
    {
        ExitCode = 255,
        FinishedAt = now,
        Reason = ExitReasons.Unknown,
        Message = "the shim that watched the container was killed; how the container ended is not known",
    });

    private ContainerRecord? Record(string containerId, Func<ContainerRecord, ContainerRecord> end)
    {
        var recorded = false;
        var after = inventory.UpdateContainer(containerId, container =>
        {
            recorded = container.State.MayHaveProcess();
            return recorded ? end(container) with { State = ContainerState.Exited, Pid = 0, Paused = false } : container;
        });
        if (!recorded || after is null)
            return null;
        events.Publish(containerId, after.PodId, ContainerEventKind.Stopped);
        if (after.Reason == ExitReasons.OomKilled)
            journal.Record(after, Actions.OutOfMemory);
        journal.Record(after, Actions.Die, ("exitCode", $"{after.ExitCode}"));
        return after;
    }
}
