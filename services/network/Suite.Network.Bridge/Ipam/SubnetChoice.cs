using Suite.Linux.Errors;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Bridge.Ipam;

/// <summary>Finds a subnet for a network that was made without one.</summary>
public static class SubnetChoice
{
    /// <summary>What a machine's default network and those after it take when nothing is configured.</summary>
    public static readonly IReadOnlyList<IpSubnet> DefaultPools =
        [.. Enumerable.Range(88, 8).Select(n => IpSubnet.Parse($"10.{n}.0.0/16")), .. Enumerable.Range(28, 4).Select(n => IpSubnet.Parse($"172.{n}.0.0/16"))];

    /// <summary>The first of <paramref name="pools"/> that overlaps nothing in <paramref name="used"/>.</summary>
    public static IpSubnet First(IEnumerable<IpSubnet> pools, IReadOnlyCollection<IpSubnet> used)
    {
        foreach (var pool in pools)
        {
            if (!used.Any(pool.Overlaps))
            {
                return pool;
            }
        }

        throw new SuiteException(
            ErrorKind.ResourceExhausted,
            "every subnet of the configured pools overlaps a network, a route or an address of this host: configure another pool, or name a subnet");
    }
}
