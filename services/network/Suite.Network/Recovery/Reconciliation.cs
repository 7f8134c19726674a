using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Bridge;
using Suite.Network.Names;
using Suite.Network.Networks;

namespace Suite.Network.Recovery;

/// <summary>
/// Brings record and kernel together at start: what an earlier process left half made is undone, what is recorded and missing
/// is made again, what exists and is not recorded is removed.
/// </summary>
internal sealed partial class Reconciliation(
    NetworkStore networks, AttachmentStore attachments, NetworkCatalog catalog, AttachmentPlanner planner, DefaultNetwork defaultNetwork,
    BridgeKeeper keeper, DetachSandbox detach, Teardowns teardowns, BridgeDriver driver, NameDirectory names, LiveLinks live, Leftovers leftovers, ILogger<Reconciliation> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", cancellationToken)).Trim();
        int forgotten = await attachments.ForgetOtherBootsAsync(boot, cancellationToken);
        if (forgotten > 0)
        {
            Rebooted(forgotten);
        }

        foreach (var network in networks.All())
        {
            catalog.Add(network);
        }

        await defaultNetwork.FollowAsync(cancellationToken);
        await ResumeAsync(cancellationToken);
        leftovers.Remove();
    }

    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var (networkId, address, releasedAt) in attachments.Resting())
        {
            if (catalog.Find(networkId) is { Bridge: not null } network)
            {
                catalog.PoolOf(network, address)?.ResumeRest(address, releasedAt);
            }
        }

        var recorded = attachments.All();
        foreach (var attachment in recorded)
        {
            if (planner.TakeAgain(attachment) is { } problem)
            {
                PortNotHeld(attachment.Name, problem);
            }

            if (attachment.State == AttachmentState.Attached)
            {
                live.Add(attachment);
                names.Added(attachment);
            }
        }

        // What plugins left half made is undone once we listen: they may take their time.
        foreach (var attachment in recorded.Where(a => a.State != AttachmentState.Attached && a.Details.Plugins is null))
        {
            HalfMade(attachment.Name, attachment.State);
            await detach.RunAsync(attachment);
        }

        teardowns.Settle();
        if (TryEstablish(recorded))
        {
            await MendAsync([.. recorded.Where(a => a is { State: AttachmentState.Attached, OwnsNamespace: true, Details.Plugins: null })], cancellationToken);
        }
    }

    private async Task MendAsync(IReadOnlyCollection<AttachmentRecord> attached, CancellationToken cancellationToken)
    {
        var gone = Mend(attached);
        foreach (var attachment in attached.Where(a => gone.Contains(a.NamespacePath)))
        {
            Vanished(attachment.Name, attachment.NamespacePath);
            await detach.RunAsync(attachment);
        }
    }

    private IReadOnlyList<string> Mend(IReadOnlyCollection<AttachmentRecord> attached)
    {
        try
        {
            return driver.Mend([.. attached.Select(planner.ToDriver)]);
        }
        catch (SuiteException e)
        {
            NotEstablished(e.Message);
            return [];
        }
    }

    /// <summary>A bridge that cannot be made is no reason not to start: sandboxes must be detachable, and Status says what is wrong.</summary>
    private bool TryEstablish(IReadOnlyList<AttachmentRecord> recorded)
    {
        try
        {
            if (recorded.Any(attachment => attachment.Links.Length > 0))
            {
                keeper.Establish();
            }

            return true;
        }
        catch (SuiteException e)
        {
            NotEstablished(e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "The machine has restarted: {Count} attachments are forgotten")]
    private partial void Rebooted(int count);

    [LoggerMessage(LogLevel.Warning, "A port of {Name} cannot be held: {Problem}. The firewall still leads to the sandbox")]
    private partial void PortNotHeld(string name, string problem);

    [LoggerMessage(LogLevel.Error, "Bridges and firewall cannot be made: {Problem}. Sandboxes can be detached and not attached until the next try succeeds")]
    private partial void NotEstablished(string problem);

    [LoggerMessage(LogLevel.Information, "{Name} was left {State} and is undone")]
    private partial void HalfMade(string name, AttachmentState state);

    [LoggerMessage(LogLevel.Warning, "The network namespace of {Name}, {Path}, is gone; its record and address are given up")]
    private partial void Vanished(string name, string path);
}
