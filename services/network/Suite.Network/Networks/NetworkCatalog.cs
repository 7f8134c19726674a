using System.Collections.Immutable;
using System.Net;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Ipam;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Networks;

/// <summary>The networks that exist, in memory: the records and, for those on a bridge, the addresses they give.</summary>
internal sealed class NetworkCatalog(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (NetworkRecord Record, ImmutableArray<SubnetPool> Pools)> _byName = new(StringComparer.Ordinal)
    {
        [NetworkRecord.Host.Name] = (NetworkRecord.Host, []),
        [NetworkRecord.None.Name] = (NetworkRecord.None, []),
    };

    public IReadOnlyList<NetworkRecord> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _byName.Values.Select(entry => entry.Record)];
            }
        }
    }

    public IEnumerable<NetworkRecord> OnBridges => All.Where(network => network.Bridge is not null);

    public void Add(NetworkRecord network)
    {
        ImmutableArray<SubnetPool> pools = network.Bridge is { } bridge
            ? [.. bridge.Subnets.Select(part => new SubnetPool(part.Subnet, new AddressPool(network.Name, part.Subnet, part.Range, [part.Gateway], time)))]
            : [];
        lock (_lock)
        {
            _byName.Add(network.Name, (network, pools));
        }
    }

    public void Remove(NetworkRecord network)
    {
        lock (_lock)
        {
            _byName.Remove(network.Name);
        }
    }

    public NetworkRecord? Find(string nameOrId)
    {
        lock (_lock)
        {
            return _byName.TryGetValue(nameOrId, out var entry) ? entry.Record : _byName.Values.FirstOrDefault(e => e.Record.Id == nameOrId).Record;
        }
    }

    public NetworkRecord Get(string nameOrId) => Find(nameOrId)
        ?? throw new SuiteException(ErrorKind.NotFound, $"there is no network \"{nameOrId}\"; those that exist: {string.Join(", ", All.Select(n => n.Name))}");

    /// <summary>The pools of a network, one a subnet, in the record's order.</summary>
    public ImmutableArray<SubnetPool> PoolsOf(NetworkRecord network)
    {
        lock (_lock)
        {
            return _byName[network.Name].Pools;
        }
    }

    /// <summary>The pool that an address belongs to; null when the network has no such subnet.</summary>
    public AddressPool? PoolOf(NetworkRecord network, IPAddress address) =>
        PoolsOf(network).FirstOrDefault(pool => pool.Subnet.Contains(address))?.Pool;
}

internal sealed record SubnetPool(IpSubnet Subnet, AddressPool Pool);
