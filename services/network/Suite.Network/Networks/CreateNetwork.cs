using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Ipam;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Networks;

/// <summary>What the maker of a network asks for; empty means "choose".</summary>
internal sealed record NetworkWish(string Name, string Driver, string Subnet, string Gateway, string Range, int Mtu, bool Internal, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The wish in one line, for comparison with a repeated one.</summary>
    public string Fingerprint =>
        string.Join('|', [Driver, Subnet, Gateway, Range, Mtu, Internal, .. Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")]);
}

/// <summary>Makes a network: a name, a subnet that nobody uses, a bridge.</summary>
internal sealed partial class CreateNetwork(
    NetworkCatalog catalog, NetworkStore store, BridgeKeeper keeper, BridgeDriver driver, NetworkOptions options, SuitePaths paths, TimeProvider time)
{
    private const int SmallestMtu = 576; // what every IPv4 host must take (RFC 791)

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

        var subnet = ChooseSubnet(wish);
        var gateway = wish.Gateway.Length > 0 ? ParseGateway(wish.Gateway, subnet) : Ipv4Subnet.ToAddress(subnet.First + 1);
        var range = wish.Range.Length > 0 ? Ipv4Subnet.Parse(wish.Range) : subnet;
        var bridge = new BridgePart(FreeInterface(), subnet, gateway, range, mtu, wish.Internal);
        if (!subnet.Contains(range))
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"the range {range} is not inside the subnet {subnet}");
        }

        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return new NetworkRecord(id, wish.Name, NetworkRecord.BridgeDriver, bridge, wish.Labels, wish.Fingerprint, time.GetUtcNow());
    }

    private Ipv4Subnet ChooseSubnet(NetworkWish wish)
    {
        // Our own bridges may be left from before, and are no reason to avoid what they had.
        var taken = driver.SubnetsInUse([.. Enumerable.Range(0, catalog.OnBridges.Count() + 1).Select(n => paths.Instance + n)]);
        if (wish.Subnet.Length == 0)
        {
            var pools = options.Pools.Count > 0 ? options.Pools.Select(Ipv4Subnet.Parse) : SubnetChoice.DefaultPools;
            return SubnetChoice.First(pools, [.. taken, .. catalog.OnBridges.Select(network => network.Bridge!.Subnet)]);
        }

        var subnet = Ipv4Subnet.Parse(wish.Subnet);
        if (catalog.OnBridges.FirstOrDefault(network => network.Bridge!.Subnet.Overlaps(subnet)) is { } other)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"the subnet {subnet} overlaps {other.Bridge!.Subnet} of network {other.Name}: choose another");
        }

        return taken.Where(subnet.Overlaps).Select(used => (Ipv4Subnet?)used).FirstOrDefault() is { } route
            ? throw new SuiteException(ErrorKind.FailedPrecondition, $"the subnet {subnet} overlaps {route}, which a route or an address of this host uses: choose another")
            : subnet;
    }

    private static IPAddress ParseGateway(string text, Ipv4Subnet subnet) =>
        IPAddress.TryParse(text, out var gateway) && subnet.Contains(gateway) && Ipv4Subnet.ToNumber(gateway) != subnet.First && Ipv4Subnet.ToNumber(gateway) != subnet.Last
            ? gateway
            : throw new SuiteException(ErrorKind.InvalidArgument, $"the gateway \"{text}\" is not an address that a host can have in {subnet}");

    /// <summary>NAME0, NAME1, …: at most 11 of the 15 characters that a link's name may have.</summary>
    private string FreeInterface() =>
        Enumerable.Range(0, 1000).Select(n => paths.Instance + n).First(name => catalog.OnBridges.All(network => network.Bridge!.Interface != name));

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
    private static partial Regex NamePattern();
}
