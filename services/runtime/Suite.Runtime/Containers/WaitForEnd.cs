using Suite.Runtime.Journals;
using Suite.Runtime.Store;

namespace Suite.Runtime.Containers;

/// <summary>What a caller waits for.</summary>
internal enum WaitUntil
{
    NotRunning,
    NextExit,
    Removed,
}

/// <summary>Waits for a container to end, to end next, or to be gone.</summary>
internal sealed class WaitForEnd(Inventory inventory, ExitWaits waits, Journal journal)
{
    /// <returns>The container as it was last.</returns>
    public Task<ContainerRecord> WaitAsync(ContainerRecord container, WaitUntil until, CancellationToken cancellationToken) => until switch
    {
        WaitUntil.Removed => RemovedAsync(container, cancellationToken),
        WaitUntil.NextExit => waits.NextEndOf(container).WaitAsync(cancellationToken),
        _ => waits.EndOf(container).WaitAsync(cancellationToken),
    };

    private async Task<ContainerRecord> RemovedAsync(ContainerRecord container, CancellationToken cancellationToken)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var last = container;
        try
        {
            // Listening first, looking then: what goes in between is heard.
            await foreach (var happening in journal.ListenAsync(0, LookOnce, gone.Token).ConfigureAwait(false))
            {
                if (happening.Id == container.Id && happening.Action == Actions.Destroy)
                    return last;
                last = inventory.TryGetContainer(container.Id, out var now) ? now : last;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It was gone before it was looked for.
        }
        return last;

        void LookOnce()
        {
            if (!inventory.TryGetContainer(container.Id, out _))
                gone.Cancel();
        }
    }
}
