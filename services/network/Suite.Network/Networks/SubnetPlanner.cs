using System.Net;
using System.Security.Cryptography;
using System.Text;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Ipam;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Networks;

/// <summary>Finds or checks the subnets of a network to be made.</summary>
internal sealed class SubnetPlanner(NetworkCatalog catalog, BridgeDriver driver, NetworkOptions options, SuitePaths paths)
{
    private const string MachineId = "/etc/machine-id";
    private const int Networks6 = 256;

    public IReadOnlyList<SubnetPart> Plan(NetworkWish wish)
    {
        // Our own bridges may be left from before, and are no reason to avoid what they had.
        var taken = driver.SubnetsInUse([.. Enumerable.Range(0, catalog.OnBridges.Count() + 1).Select(n => paths.Instance + n)]);
        var parts = wish.Subnets.Select(subnet => Complete(subnet, Choose(subnet.Subnet, taken))).ToList();
        if (parts.Count == 0)
        {
            parts.Add(Complete(new SubnetWish(""), Choose(isIpv6: false, taken)));
        }

        if (wish.Ipv6 && !parts.Any(part => part.Subnet.IsIpv6))
        {
            parts.Add(Complete(new SubnetWish(""), Choose(isIpv6: true, taken)));
        }

        return parts.GroupBy(part => part.Subnet.IsIpv6).FirstOrDefault(family => family.Count() > 1) is { } twice
            ? throw new SuiteException(ErrorKind.InvalidArgument, $"the subnets {string.Join(" and ", twice.Select(part => part.Subnet))} are of one family: a network has one of each")
            : [.. parts.OrderBy(part => part.Subnet.IsIpv6)];
    }

    private static SubnetPart Complete(SubnetWish wish, IpSubnet subnet)
    {
        var gateway = wish.Gateway.Length > 0 ? ParseGateway(wish.Gateway, subnet) : subnet.At(1);
        var range = wish.Range.Length > 0 ? IpSubnet.Parse(wish.Range) : subnet;
        return subnet.Contains(range)
            ? new SubnetPart(subnet, gateway, range)
            : throw new SuiteException(ErrorKind.InvalidArgument, $"the range {range} is not inside the subnet {subnet}");
    }

    private IpSubnet Choose(string wish, IReadOnlyList<IpSubnet> taken)
    {
        if (wish.Length == 0)
        {
            return Choose(isIpv6: false, taken);
        }

        var subnet = IpSubnet.Parse(wish);
        if (Ours().FirstOrDefault(other => other.Subnet.Overlaps(subnet)) is { Network: not null } other)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"the subnet {subnet} overlaps {other.Subnet} of network {other.Network}: choose another");
        }

        return taken.Where(subnet.Overlaps).Select(used => (IpSubnet?)used).FirstOrDefault() is { } route
            ? throw new SuiteException(ErrorKind.FailedPrecondition, $"the subnet {subnet} overlaps {route}, which a route or an address of this host uses: choose another")
            : subnet;
    }

    private IpSubnet Choose(bool isIpv6, IReadOnlyList<IpSubnet> taken)
    {
        var pools = options.Pools.Select(IpSubnet.Parse).Where(pool => pool.IsIpv6 == isIpv6).ToList();
        return SubnetChoice.First(
            pools.Count > 0 ? pools : isIpv6 ? LocalPools() : SubnetChoice.DefaultPools, [.. taken, .. Ours().Select(our => our.Subnet)]);
    }

    /// <summary>
    /// Unique local addresses whose 40 bits are this machine's and instance's own (RFC 4193, 3.2.2), so that two hosts that are
    /// joined one day do not have the same; a /64 each.
    /// </summary>
    private IEnumerable<IpSubnet> LocalPools()
    {
        string machine = File.Exists(MachineId) ? File.ReadAllText(MachineId).Trim() : Environment.MachineName;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{machine} {paths.Instance} {paths.Run}"));
        return Enumerable.Range(0, Networks6).Select(n =>
            IpSubnet.Of(new IPAddress([0xfd, .. hash[..5], (byte)(n >> 8), (byte)n, 0, 0, 0, 0, 0, 0, 0, 0]), 64));
    }

    private IEnumerable<(IpSubnet Subnet, string Network)> Ours() =>
        catalog.OnBridges.SelectMany(network => network.Bridge!.Subnets.Select(part => (part.Subnet, network.Name)));

    private static IPAddress ParseGateway(string text, IpSubnet subnet) =>
        IPAddress.TryParse(text, out var gateway) && subnet.Contains(gateway) && IpSubnet.Number(gateway) != subnet.First
            && (subnet.IsIpv6 || IpSubnet.Number(gateway) != subnet.Last)
            ? gateway
            : throw new SuiteException(ErrorKind.InvalidArgument, $"the gateway \"{text}\" is not an address that a host can have in {subnet}");
}
