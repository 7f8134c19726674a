using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Journals;
using Suite.Runtime.Mapping;
using Suite.Runtime.Peers;
using Suite.Runtime.Restarts;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>Removes every container of people that does not run and will not by itself.</summary>
internal sealed class PruneContainers(Inventory inventory, RemoveSolo remove, RestartContainers restarts, ImagePeer images, Journal journal)
{
    /// <param name="until">Only those made before, nanoseconds since the epoch; 0: all.</param>
    /// <param name="labels">"name" or "name=value"; all must match.</param>
    /// <returns>Their ids, and what they had written.</returns>
    public async Task<(IReadOnlyList<string> Ids, ulong Bytes)> PruneAsync(long until, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        var (ids, bytes) = (new List<string>(), 0UL);
        foreach (var container in inventory.Containers.Where(container => IsIdle(container)
            && (until == 0 || container.CreatedAt < until) && LabelFilter.Matches(container.Config.Labels, labels)))
        {
            try
            {
                var size = (await images.UsageAsync(container.Id, cancellationToken).ConfigureAwait(false)).Bytes;
                await remove.RemoveAsync(container, force: false, withVolumes: false, cancellationToken).ConfigureAwait(false);
                ids.Add(container.Id);
                bytes += size;
            }
            catch (SuiteException meanwhile) when (meanwhile.Kind is ErrorKind.FailedPrecondition or ErrorKind.NotFound)
            {
                // Started, or gone, since it was looked at: not ours to remove.
            }
        }
        journal.RecordPruning("container", bytes);
        return (ids, bytes);
    }

    private bool IsIdle(ContainerRecord container) =>
        container is { Solo: not null, State: ContainerState.Created or ContainerState.Exited } && !restarts.IsPending(container.Id);
}
