using Suite.Linux.Errors;
using Suite.Network.Bridge.Ipam;

namespace Suite.Network.Networks;

/// <summary>The networks that exist, in memory: the records and, for those on a bridge, the addresses they give.</summary>
internal sealed class NetworkCatalog(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (NetworkRecord Record, AddressPool? Pool)> _byName = new(StringComparer.Ordinal)
    {
        [NetworkRecord.Host.Name] = (NetworkRecord.Host, null),
        [NetworkRecord.None.Name] = (NetworkRecord.None, null),
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
        var pool = network.Bridge is { } bridge ? new AddressPool(network.Name, bridge.Subnet, bridge.Range, [bridge.Gateway], time) : null;
        lock (_lock)
        {
            _byName.Add(network.Name, (network, pool));
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

    public AddressPool PoolOf(NetworkRecord network)
    {
        lock (_lock)
        {
            return _byName[network.Name].Pool!;
        }
    }
}
