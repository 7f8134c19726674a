using System.Collections.Immutable;
using System.Net;

namespace Suite.Network.Names;

/// <summary>The addresses at which names are answered at present.</summary>
internal sealed class ServedAddresses
{
    private ImmutableHashSet<IPAddress> _all = [];

    public ImmutableHashSet<IPAddress> All => _all;

    public void Add(IPAddress address) => ImmutableInterlocked.Update(ref _all, all => all.Add(address));

    public void Remove(IPAddress address) => ImmutableInterlocked.Update(ref _all, all => all.Remove(address));
}
