using System.Collections.Immutable;
using System.Net;
using Suite.Network.Attachments;
using Suite.Network.Networks;

namespace Suite.Network.Names;

/// <summary>Who asks: what it may see is what is on its own networks.</summary>
/// <param name="CanForward">Whether anything else is asked of servers outside; a sandbox on internal networks alone has no way there.</param>
/// <param name="Servers">Its own servers; empty: the host's.</param>
internal sealed record NameClient(string Sandbox, ImmutableArray<string> Networks, ImmutableDictionary<string, string> Links, bool CanForward, ImmutableArray<string> Servers);

/// <summary>
/// The names on user networks: of each sandbox its name, the beginning of its id, its aliases, and each of these with the
/// network's name behind. In memory; what is attached is told at start, and as it comes and goes.
/// </summary>
internal sealed class NameDirectory(NetworkCatalog catalog)
{
    private const int ShortId = 12;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Network, string Name), ImmutableArray<(string Sandbox, IPAddress Address)>> _byName = [];
    private readonly Dictionary<(string Network, IPAddress Address), string> _byAddress = [];
    private readonly Dictionary<IPAddress, NameClient> _clients = [];
    private readonly Dictionary<string, Keys> _bySandbox = new(StringComparer.Ordinal);

    /// <summary>Under what a sandbox stands in the tables above.</summary>
    private sealed record Keys(List<(string, string)> Names, List<(string, IPAddress)> Addresses);

    public void Added(AttachmentRecord attachment)
    {
        lock (_lock)
        {
            Remove(attachment.Sandbox);
            var named = attachment.Links.Where(link => catalog.Find(link.NetworkId) is { HasNames: true }).ToList();
            if (named.Count == 0)
            {
                return;
            }

            var keys = _bySandbox[attachment.Sandbox] = new Keys([], []);
            var client = ClientOf(attachment);
            foreach (var link in named)
            {
                foreach (var address in link.Addresses)
                {
                    _clients[address.Address] = client;
                }

                Add(attachment, link, catalog.Get(link.NetworkId), keys);
            }
        }
    }

    public void Removed(AttachmentRecord attachment)
    {
        lock (_lock)
        {
            Remove(attachment.Sandbox);
        }
    }

    public NameClient? ClientAt(IPAddress address)
    {
        lock (_lock)
        {
            return _clients.GetValueOrDefault(address);
        }
    }

    /// <returns>The addresses under that name on the client's networks; null when there is no such name.</returns>
    public IReadOnlyList<IPAddress>? Find(NameClient client, string name)
    {
        lock (_lock)
        {
            name = client.Links.GetValueOrDefault(name, name);
            var found = client.Networks.SelectMany(network => _byName.GetValueOrDefault((network, name), [])).Select(entry => entry.Address).Distinct().ToList();
            return found.Count > 0 ? found : null;
        }
    }

    public string? Find(NameClient client, IPAddress address)
    {
        lock (_lock)
        {
            return client.Networks.Select(network => _byAddress.GetValueOrDefault((network, address))).FirstOrDefault(name => name is not null);
        }
    }

    private void Add(AttachmentRecord attachment, LinkRecord link, NetworkRecord network, Keys keys)
    {
        IEnumerable<string> all = [attachment.ShortName, attachment.Sandbox[..Math.Min(ShortId, attachment.Sandbox.Length)], .. link.Aliases];
        string[] names = [.. all.Select(name => name.ToLowerInvariant()).Where(DnsName.IsUsable).Distinct()];
        foreach (string name in names.Concat(names.Select(name => $"{name}.{network.Name.ToLowerInvariant()}")))
        {
            var entries = link.Addresses.Select(address => (attachment.Sandbox, address.Address));
            _byName[(network.Id, name)] = _byName.GetValueOrDefault((network.Id, name), []).AddRange(entries);
            keys.Names.Add((network.Id, name));
        }

        keys.Addresses.AddRange(link.Addresses.Select(address => (network.Id, address.Address)));

        if (names.Length > 0 && DnsName.IsUsable(network.Name))
        {
            foreach (var address in link.Addresses)
            {
                _byAddress[(network.Id, address.Address)] = $"{names[0]}.{network.Name.ToLowerInvariant()}";
            }
        }
    }

    private NameClient ClientOf(AttachmentRecord attachment)
    {
        var networks = attachment.Links.Select(link => catalog.Find(link.NetworkId)).OfType<NetworkRecord>().ToList();
        return new NameClient(
            attachment.Sandbox,
            [.. networks.Where(network => network.HasNames).Select(network => network.Id)],
            attachment.Details.Links.Where(link => link.Alias.Length > 0)
                .GroupBy(link => link.Alias.ToLowerInvariant()).ToImmutableDictionary(alias => alias.Key, alias => alias.First().Sandbox[(alias.First().Sandbox.LastIndexOf('/') + 1)..].ToLowerInvariant()),
            networks.Any(network => network.Bridge is { Internal: false }),
            [.. attachment.Details.Dns.Servers]);
    }

    private void Remove(string sandbox)
    {
        if (!_bySandbox.Remove(sandbox, out var keys))
        {
            return;
        }

        foreach (var key in keys.Addresses)
        {
            _byAddress.Remove(key);
            _clients.Remove(key.Item2);
        }

        foreach (var key in keys.Names)
        {
            var left = _byName.GetValueOrDefault(key, []).RemoveAll(entry => entry.Sandbox == sandbox);
            if (left.IsEmpty)
            {
                _byName.Remove(key);
            }
            else
            {
                _byName[key] = left;
            }
        }
    }
}
