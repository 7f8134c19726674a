using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Journals;
using Suite.Runtime.Shims;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>Sends one signal to a container's first process.</summary>
internal sealed class KillContainer(Inventory inventory, KeyedLocks locks, PodShims shims, Journal journal)
{
    public async Task KillAsync(ContainerRecord container, int signal, CancellationToken cancellationToken)
    {
        if (container.State == ContainerState.Starting)
        {
            // Its program may run and have said something: a signal that is quicker than the answer to the start waits for that.
            using var started = await locks.AcquireAsync(container.Id, cancellationToken).ConfigureAwait(false);
            container = inventory.AnyContainer(container.Id);
        }

        if (container.State != ContainerState.Running)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot kill container {container.Name}: it is {container.State.Word()}, and must be running");
        // Before it: the end may be told quicker than the next line.
        journal.Record(container, Actions.Kill, ("signal", $"{signal}"));
        await shims.Of(container.PodId).SignalAsync(container.Id, signal, all: false, cancellationToken).ConfigureAwait(false);
    }
}
