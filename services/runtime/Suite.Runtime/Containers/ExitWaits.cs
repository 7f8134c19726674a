using System.Collections.Concurrent;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>
/// Those who wait for containers to end. They are let go after the exit is recorded and the log is complete, and, for a pod of
/// one, after its address and ports are free again: what a caller does next never meets the remains of what it waited for.
/// </summary>
internal sealed class ExitWaits(Inventory inventory)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ContainerRecord>> _waits = new();

    /// <summary>Before a start: from now on there is an end to wait for.</summary>
    public void Arm(string containerId) =>
        _waits.TryAdd(containerId, new TaskCompletionSource<ContainerRecord>(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>The container after its end; as it is, when it does not run.</summary>
    public Task<ContainerRecord> EndOf(ContainerRecord container) =>
        _waits.TryGetValue(container.Id, out var wait)
            ? wait.Task
            : Task.FromResult(inventory.TryGetContainer(container.Id, out var current) ? current : container);

    /// <summary>The container after its next end, even if it does not run yet; and when it is removed.</summary>
    public Task<ContainerRecord> NextEndOf(ContainerRecord container)
    {
        Arm(container.Id);
        return EndOf(container);
    }

    public void Release(ContainerRecord ended)
    {
        if (_waits.TryRemove(ended.Id, out var wait))
            wait.TrySetResult(ended);
    }
}
