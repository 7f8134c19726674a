using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Networks;

/// <summary>
/// The network of sandboxes that name none. It follows the settings and what a cluster gives the node, and changes only while
/// nobody is on it: an address that is in use stays.
/// </summary>
internal sealed partial class DefaultNetwork(
    NetworkCatalog catalog, NetworkStore store, AttachmentStore attachments, CreateNetwork create, BridgeDriver driver, BridgeKeeper keeper,
    NetworkOptions options, ILogger<DefaultNetwork> logger)
{
    private const string Ipv6Switch = "/proc/sys/net/ipv6/conf/all/disable_ipv6";

    private bool _isLate;

    /// <summary>Called at start, and with the gate held.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var wish = Wish();
        if (catalog.Find(NetworkRecord.Default) is not { Bridge: { } bridge } existing)
        {
            await create.RunAsync(wish, cancellationToken);
            return;
        }

        _isLate = existing.Asked != wish.Fingerprint && !IsAsWished(bridge, wish);
        if (!_isLate)
        {
            return;
        }

        if (attachments.All().Any(attachment => attachment.IsOn(existing.Id)))
        {
            Stays(string.Join(" and ", bridge.Subnets.Select(part => part.Subnet)), bridge.Mtu);
            return;
        }

        keeper.Removed(existing);
        await store.RemoveAsync(existing.Id, cancellationToken);
        catalog.Remove(existing);
        try
        {
            await create.RunAsync(wish, cancellationToken);
            _isLate = false;
        }
        catch
        {
            // Better the one of before than none.
            await store.AddAsync(existing, CancellationToken.None);
            catalog.Add(existing);
            keeper.Added(existing);
            throw;
        }
    }

    /// <summary>Takes up what was put off, once the last sandbox has gone. Called with the gate held.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) => _isLate ? FollowAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Takes over what a cluster gave. Called with the gate held.</summary>
    /// <returns>Whether it has it now.</returns>
    public async Task<bool> TakeOverAsync(IReadOnlyList<string> ranges, CancellationToken cancellationToken)
    {
        var subnets = ranges.Select(IpSubnet.Parse).ToList();
        if (subnets.Count == 0 || subnets.GroupBy(subnet => subnet.IsIpv6).Any(family => family.Count() > 1))
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"ranges [{string.Join(", ", ranges)}] are not one of each family at most, and at least one");
        }

        var others = catalog.OnBridges.Where(network => network.Name != NetworkRecord.Default).SelectMany(network => network.Bridge!.Subnets.Select(part => (part.Subnet, $"network {network.Name}")));
        var host = driver.SubnetsInUse([.. catalog.OnBridges.Select(network => network.Bridge!.Interface)]).Select(subnet => (subnet, "this host"));
        if (others.Concat(host).FirstOrDefault(used => subnets.Any(used.Item1.Overlaps)) is { Item2: not null } used)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"the pod range {subnets.First(used.Item1.Overlaps)} overlaps {used.Item1}, which {used.Item2} uses");
        }

        await store.SetPodRangesAsync(subnets.Select(subnet => subnet.ToString()), cancellationToken);
        await FollowAsync(cancellationToken);
        return !_isLate;
    }

    private NetworkWish Wish()
    {
        var given = store.PodRanges();
        string[] named = given.Count > 0 ? [.. given] : [.. new[] { options.Subnet, options.HasIpv6 ? options.Subnet6 : "" }.Where(subnet => subnet.Length > 0)];
        bool ipv6 = given.Count == 0 && options.HasIpv6 && File.Exists(Ipv6Switch);
        SubnetWish[] subnets = named.Length > 0 && named.All(subnet => subnet.Contains(':', StringComparison.Ordinal)) && given.Count == 0
            ? [new SubnetWish(""), .. named.Select(subnet => new SubnetWish(subnet))]
            : [.. named.Select(subnet => new SubnetWish(subnet))];
        return new NetworkWish(NetworkRecord.Default, "", subnets, options.Mtu, Internal: false, Isolated: false, ipv6, new Dictionary<string, string>());
    }

    /// <summary>One that was made by an earlier release, or of settings that come to the same, is as good.</summary>
    private static bool IsAsWished(BridgePart bridge, NetworkWish wish) => bridge.Mtu == wish.Mtu && new[] { false, true }.All(isIpv6 =>
    {
        var there = bridge.Subnets.FirstOrDefault(part => part.Subnet.IsIpv6 == isIpv6);
        var asked = wish.Subnets.FirstOrDefault(subnet => subnet.Subnet.Contains(':', StringComparison.Ordinal) == isIpv6);
        bool isWanted = asked is not null || (isIpv6 ? wish.Ipv6 : wish.Subnets.Count == 0);
        return isWanted == (there is not null) && (asked is null or { Subnet: "" } || IpSubnet.Parse(asked.Subnet) == there!.Subnet);
    });

    [LoggerMessage(LogLevel.Warning, "The default network keeps {Subnets} and an MTU of {Mtu} instead of what is configured, as sandboxes are attached")]
    private partial void Stays(string subnets, int mtu);
}
