using System.Threading.Channels;
using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Watches;
using Suite.Network.Events;
using Suite.Network.Networks;

namespace Suite.Network.Recovery;

/// <summary>
/// Puts back what others damage: a flushed ruleset, a deleted bridge, a link that was taken off it, an address that was removed, a
/// foreign chain that came to drop our packets. Everything is made whole at once, from the records.
/// </summary>
internal sealed partial class Guard(
    BridgeDriver driver, BridgeKeeper keeper, NetworkCatalog catalog, AttachmentStore attachments, AttachmentPlanner planner, LiveLinks live, EventHub events, Gate gate,
    TimeProvider time, ILogger<Guard> logger) : BackgroundService
{
    /// <summary>Who flushes usually goes on to load rules of his own: one restoration after he has done is better than ten meanwhile.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<KernelChange> _changes = Channel.CreateBounded<KernelChange>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var watch = driver.Watch();
        var listening = watch.RunAsync(change => Hear(change), stoppingToken);
        try
        {
            while (await _changes.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Settling, time, stoppingToken);
                var changes = Drain();
                if (!await TryRestoreAsync(changes, stoppingToken))
                {
                    await Task.Delay(RetryAfter, time, stoppingToken);
                    changes.ForEach(change => _changes.Writer.TryWrite(change));
                }
            }

            await listening;
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Sorts out, without asking anybody, what cannot be ours. Full: the changes that wait will restore everything anyway.</summary>
    private void Hear(KernelChange change)
    {
        if (keeper.IsEstablished && (change.Kind is not KernelChangeKind.Link || IsOurs(change.Name)))
        {
            _changes.Writer.TryWrite(change);
        }
    }

    private bool IsOurs(string link) =>
        live.Contains(link) || catalog.OnBridges.Any(network => network.Bridge!.Interface == link);

    private List<KernelChange> Drain()
    {
        var changes = new List<KernelChange>();
        while (_changes.Reader.TryRead(out var change))
        {
            changes.Add(change);
        }

        return changes;
    }

    private async Task<bool> TryRestoreAsync(List<KernelChange> changes, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        if (!keeper.IsEstablished)
        {
            return true; // released meanwhile: there is nothing to keep
        }

        try
        {
            var attached = attachments.All().Where(a => a is { State: AttachmentState.Attached, OwnsNamespace: true, Links.Length: > 0 }).ToList();
            if (!IsDamage(changes, attached))
            {
                driver.OpenForeignChains();
                return true;
            }

            keeper.Restore();
            driver.Mend([.. attached.Select(planner.ToDriver)]);
            events.Publish(NetworkEventKind.Restored);
            Restored();
            return true;
        }
        catch (SuiteException e)
        {
            NotRestored(e.Message);
            return false;
        }
    }

    /// <summary>A link that goes with its sandbox is none: by now nobody's record names it. One that was on its way to be whole is by now.</summary>
    private bool IsDamage(List<KernelChange> changes, List<AttachmentRecord> attached)
    {
        var gateways = catalog.OnBridges.SelectMany(network => network.Bridge!.Subnets).Select(part => part.Gateway.ToString()).ToHashSet();
        if (changes.Any(change => change.Kind is KernelChangeKind.Table or KernelChangeKind.Unknown || (change.Kind is KernelChangeKind.Address && gateways.Contains(change.Name))))
        {
            return true;
        }

        var ours = catalog.OnBridges.Select(network => network.Bridge!.Interface).Concat(attached.SelectMany(a => a.Links).Select(link => link.HostEnd)).ToHashSet();
        string[] links = [.. changes.Where(change => change.Kind is KernelChangeKind.Link).Select(change => change.Name).Where(ours.Contains).Distinct()];
        return links.Length > 0 && driver.AnyBroken(links);
    }

    [LoggerMessage(LogLevel.Warning, "Others changed bridges, links or rules of ours; all of them are restored")]
    private partial void Restored();

    [LoggerMessage(LogLevel.Error, "Others changed bridges, links or rules of ours, and they cannot be restored: {Problem}. It is tried again in a second")]
    private partial void NotRestored(string problem);
}
