using Suite.Linux.Errors;
using Suite.Runtime.Concurrency;
using Suite.Runtime.Journals;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>Gives a container another name. Only those made by people have names of their own.</summary>
internal sealed class RenameContainer(Inventory inventory, KeyedLocks locks, Journal journal)
{
    public async Task RenameAsync(ContainerRecord container, string name, CancellationToken cancellationToken)
    {
        if (container.Solo is null)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot rename container {container.Name}: Kubernetes made it, and knows it by that name");
        using var held = await locks.AcquireAsync(container.Id, cancellationToken).ConfigureAwait(false);
        if (name != container.Name && inventory.Rename(container.Id, name) is { } renamed)
            journal.Record(renamed, Actions.Rename, ("oldName", container.Name));
    }
}
