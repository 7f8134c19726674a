using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Network.Events;

namespace Suite.Network.Networks;

/// <summary>Makes a network: a name, subnets that nobody uses, a bridge.</summary>
internal sealed partial class CreateNetwork(
    NetworkCatalog catalog, NetworkStore store, BridgeKeeper keeper, SubnetPlanner subnets, NetworkOptions options, SuitePaths paths, EventHub events, TimeProvider time)
{
    private const int SmallestMtu = 576; // what every IPv4 host must take (RFC 791)
    private const int SmallestMtu6 = 1280; // below it a link has no IPv6 (RFC 8200, 5)

    /// <summary>Called with the gate held.</summary>
    public async Task<NetworkRecord> RunAsync(NetworkWish wish, CancellationToken cancellationToken)
    {
        if (!NamePattern().IsMatch(wish.Name))
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"\"{wish.Name}\" is not a network name: a letter or digit, then letters, digits, _, . or -, 63 at most");
        }

        if (catalog.Find(wish.Name) is { } existing)
        {
            return existing.Asked == wish.Fingerprint
                ? existing
                : throw new SuiteException(ErrorKind.AlreadyExists, $"a network \"{wish.Name}\" exists already, with other settings: remove it first or choose another name");
        }

        var network = Plan(wish);
        await store.AddAsync(network, cancellationToken);
        try
        {
            keeper.Added(network);
        }
        catch
        {
            await store.RemoveAsync(network.Id, CancellationToken.None);
            throw;
        }

        catalog.Add(network);
        events.Publish(NetworkEventKind.NetworkCreated, network);
        return network;
    }

    private NetworkRecord Plan(NetworkWish wish)
    {
        if (wish.Driver is not ("" or NetworkRecord.BridgeDriver))
        {
            throw new SuiteException(ErrorKind.Unsupported, $"there is no network driver \"{wish.Driver}\" for new networks: use bridge");
        }

        int mtu = wish.Mtu == 0 ? options.Mtu : wish.Mtu;
        if (mtu is < SmallestMtu or > ushort.MaxValue)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"an MTU of {mtu} is not possible: choose one from {SmallestMtu} to {ushort.MaxValue}");
        }

        var parts = subnets.Plan(wish);
        if (mtu < SmallestMtu6 && parts.Any(part => part.Subnet.IsIpv6))
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"an MTU of {mtu} is not possible with IPv6: choose {SmallestMtu6} or more, or no IPv6 subnet");
        }

        var bridge = new BridgePart(FreeInterface(), [.. parts], mtu, wish.Internal, wish.Isolated);
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return new NetworkRecord(id, wish.Name, NetworkRecord.BridgeDriver, bridge, wish.Labels, wish.Fingerprint, time.GetUtcNow());
    }

    /// <summary>NAME0, NAME1, …: at most 11 of the 15 characters that a link's name may have.</summary>
    private string FreeInterface() =>
        Enumerable.Range(0, 1000).Select(n => paths.Instance + n).First(name => catalog.OnBridges.All(network => network.Bridge!.Interface != name));

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
    private static partial Regex NamePattern();
}
