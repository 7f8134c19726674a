using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Network.Attachments;
using Suite.Network.Bridge;
using Suite.Network.Networks;

namespace Suite.Network.Recovery;

/// <summary>
/// Brings record and kernel together at start: what an earlier process left half made is undone, what is recorded and missing
/// is made again, what exists and is not recorded is removed.
/// </summary>
internal sealed partial class Reconciliation(
    NetworkStore networks, AttachmentStore attachments, NetworkCatalog catalog, AttachmentPlanner planner, CreateNetwork create,
    BridgeKeeper keeper, DetachSandbox detach, BridgeDriver driver, NetworkOptions options, ILogger<Reconciliation> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", cancellationToken)).Trim();
        int forgotten = await attachments.ForgetOtherBootsAsync(boot, cancellationToken);
        if (forgotten > 0)
        {
            Rebooted(forgotten);
        }

        await LoadNetworksAsync(cancellationToken);
        await ResumeAsync(cancellationToken);
        RemoveLeaks();
    }

    private async Task LoadNetworksAsync(CancellationToken cancellationToken)
    {
        foreach (var network in networks.All())
        {
            catalog.Add(network);
        }

        if (catalog.Find(NetworkRecord.Default) is not { Bridge: { } bridge } existing)
        {
            await create.RunAsync(DefaultWish(), cancellationToken);
        }
        else if (!IsAsConfigured(bridge))
        {
            if (attachments.All().Count > 0)
            {
                DefaultStays(bridge.Subnet.ToString(), bridge.Mtu);
                return;
            }

            driver.Release([bridge.ToDriver()]);
            await networks.RemoveAsync(existing.Id, cancellationToken);
            catalog.Remove(existing);
            await create.RunAsync(DefaultWish(), cancellationToken);
        }
    }

    private bool IsAsConfigured(BridgePart bridge) =>
        (options.Subnet.Length == 0 || bridge.Subnet.ToString() == options.Subnet) && bridge.Mtu == options.Mtu;

    private NetworkWish DefaultWish() =>
        new(NetworkRecord.Default, "", options.Subnet, "", "", 0, Internal: false, new Dictionary<string, string>());

    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var (networkId, address, releasedAt) in attachments.Resting())
        {
            catalog.PoolOf(catalog.Get(networkId)).ResumeRest(address, releasedAt);
        }

        var recorded = attachments.All();
        foreach (var attachment in recorded)
        {
            if (planner.TakeAgain(attachment) is { } problem)
            {
                PortNotHeld(attachment.Name, problem);
            }
        }

        bool established = TryEstablish(recorded);
        foreach (var attachment in recorded)
        {
            if (attachment.State != AttachmentState.Attached)
            {
                HalfMade(attachment.Name, attachment.State);
                await detach.RunAsync(attachment, cancellationToken);
            }
            else if (established && attachment.NamespacePath.Length > 0 && !driver.Mend(planner.ToDriver(attachment)))
            {
                Vanished(attachment.Name, attachment.NamespacePath);
                await detach.RunAsync(attachment, cancellationToken);
            }
        }
    }

    /// <summary>A bridge that cannot be made is no reason not to start: sandboxes must be detachable, and Status says what is wrong.</summary>
    private bool TryEstablish(IReadOnlyList<AttachmentRecord> recorded)
    {
        try
        {
            if (recorded.Any(attachment => attachment.Links.Count > 0))
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

    private void RemoveLeaks()
    {
        var recorded = attachments.All();
        var ends = recorded.SelectMany(attachment => attachment.Links).Select(link => link.HostEnd).ToHashSet();
        var leaked = driver.HostEnds(planner.HostEndPrefix).Where(name => !ends.Contains(name)).ToList();
        foreach (string name in leaked)
        {
            Leaked("link", name);
        }

        driver.RemoveHostEnds(leaked);
        if (!Directory.Exists(planner.NamespacesDirectory))
        {
            return;
        }

        var paths = recorded.Select(attachment => attachment.NamespacePath).ToHashSet();
        foreach (string path in Directory.GetFiles(planner.NamespacesDirectory, planner.HostEndPrefix + "*").Where(path => !paths.Contains(path)))
        {
            Leaked("network namespace", path);
            NetworkNamespace.Unbind(path);
        }
    }

    [LoggerMessage(LogLevel.Information, "The machine has restarted: {Count} attachments are forgotten")]
    private partial void Rebooted(int count);

    [LoggerMessage(LogLevel.Warning, "The default network keeps {Subnet} and an MTU of {Mtu} instead of what is configured, as sandboxes are attached")]
    private partial void DefaultStays(string subnet, int mtu);

    [LoggerMessage(LogLevel.Warning, "A port of {Name} cannot be held: {Problem}. The firewall still leads to the sandbox")]
    private partial void PortNotHeld(string name, string problem);

    [LoggerMessage(LogLevel.Error, "Bridges and firewall cannot be made: {Problem}. Sandboxes can be detached and not attached until the next try succeeds")]
    private partial void NotEstablished(string problem);

    [LoggerMessage(LogLevel.Information, "{Name} was left {State} and is undone")]
    private partial void HalfMade(string name, AttachmentState state);

    [LoggerMessage(LogLevel.Warning, "The network namespace of {Name}, {Path}, is gone; its record and address are given up")]
    private partial void Vanished(string name, string path);

    [LoggerMessage(LogLevel.Information, "The {Kind} {Name} belongs to no attachment and is removed")]
    private partial void Leaked(string kind, string name);
}
