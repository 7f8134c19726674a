using System.Net;
using Suite.Network.Attachments;
using Suite.Network.Bridge.Ports;
using Suite.Network.Events;
using Suite.Network.Names;
using Suite.Network.Networks;
using Suite.Network.V1;

namespace Suite.Network.Endpoints;

/// <summary>Records become messages.</summary>
internal sealed class Answers(NetworkCatalog catalog, AttachmentStore store, NameServer names, HostServers host)
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    public Attachment Of(AttachmentRecord attachment)
    {
        var answer = new Attachment
        {
            SandboxId = attachment.Sandbox,
            SandboxName = attachment.Name,
            NetnsPath = attachment.NamespacePath,
            CreatedAt = Nanoseconds(attachment.CreatedAt),
            SharedWith = attachment.Details.SharedWith,
            PortMappings = { attachment.Ports.Select(Of).Distinct() },
            Dns = DnsOf(attachment),
            Hosts = { HostsOf(attachment) },
        };
        // Who shares a namespace has the addresses of whoever it belongs to.
        var owner = attachment.Details.SharedWith is { Length: > 0 } other ? store.Find(other) ?? attachment : attachment;
        answer.Endpoints.Add(owner.Links.Select(link => Of(link, catalog.Get(link.NetworkId))));
        if (owner.Details.Plugins is { Done: true } plugins)
        {
            answer.Endpoints.Add(new V1.Endpoint
            {
                Network = plugins.Network,
                InterfaceName = plugins.Interface,
                MacAddress = plugins.Mac,
                Addresses = { plugins.Addresses },
                Gateways = { plugins.Gateways },
            });
        }

        return answer;
    }

    public static NetworkInfo Of(NetworkRecord network)
    {
        var answer = new NetworkInfo { Id = network.Id, Name = network.Name, Driver = network.Driver, CreatedAt = Nanoseconds(network.CreatedAt) };
        answer.Labels.Add(network.Labels.ToDictionary());
        if (network.Bridge is { } bridge)
        {
            answer.InterfaceName = bridge.Interface;
            answer.Mtu = (uint)bridge.Mtu;
            answer.Internal = bridge.Internal;
            answer.Isolated = bridge.Isolated;
            answer.Subnets.Add(bridge.Subnets.Select(part => new Subnet
            {
                Subnet_ = part.Subnet.ToString(),
                Gateway = part.Gateway.ToString(),
                Range = part.Range == part.Subnet ? "" : part.Range.ToString(),
            }));
        }

        return answer;
    }

    public static WatchEventsResponse Of(NetworkEvent happened) => new()
    {
        Kind = happened.Kind switch
        {
            NetworkEventKind.NetworkCreated => EventKind.NetworkCreated,
            NetworkEventKind.NetworkRemoved => EventKind.NetworkRemoved,
            NetworkEventKind.Attached => EventKind.Attached,
            NetworkEventKind.Detached => EventKind.Detached,
            NetworkEventKind.Connected => EventKind.Connected,
            NetworkEventKind.Disconnected => EventKind.Disconnected,
            _ => EventKind.Restored,
        },
        Network = happened.Network,
        SandboxId = happened.Sandbox,
        At = happened.At,
        SandboxName = happened.SandboxName,
        Networks = { happened.Networks.Select(Of) },
    };

    private static V1.Endpoint Of(LinkRecord link, NetworkRecord network) => new()
    {
        Network = network.Name,
        InterfaceName = link.Interface,
        MacAddress = link.Mac.ToString(),
        Addresses = { link.Addresses.Select(address => address.ToString()) },
        Gateways = { link.Addresses.Select(address => network.Bridge!.ToDriver().GatewayOf(address.IsIpv6)).OfType<IPAddress>().Select(gateway => gateway.ToString()) },
        Aliases = { link.Aliases },
    };

    /// <summary>On a user network we answer ourselves, and ask on the sandbox's behalf the servers that it was made with.</summary>
    private V1.DnsSettings DnsOf(AttachmentRecord attachment)
    {
        var dns = attachment.Details.Dns;
        var ours = attachment.Links.Select(link => names.AddressOn(catalog.Get(link.NetworkId))).FirstOrDefault(address => address is not null);
        if (ours is not null)
        {
            return new V1.DnsSettings { Servers = { ours.ToString() }, Searches = { dns.Searches.Count > 0 ? dns.Searches : host.Searches }, Options = { dns.Options } };
        }

        dns = dns.IsEmpty ? attachment.Details.Plugins?.Dns ?? dns : dns;
        return new V1.DnsSettings { Servers = { dns.Servers }, Searches = { dns.Searches }, Options = { dns.Options } };
    }

    /// <summary>Links on networks without names of their own, as the file has always told them.</summary>
    private IEnumerable<HostEntry> HostsOf(AttachmentRecord attachment) => attachment.Details.Links.Count == 0 ? [] :
        from link in attachment.Details.Links
        let other = store.All().FirstOrDefault(a => a.State == AttachmentState.Attached && a.IsMeantBy(link.Sandbox))
        where other is not null
        let mine = attachment.Links.Select(own => own.NetworkId).ToHashSet()
        from end in other.Links.Where(end => mine.Contains(end.NetworkId))
        from address in end.Addresses
        select new HostEntry { Address = address.Address.ToString(), Names = { new[] { link.Alias, other.ShortName }.Where(name => name.Length > 0).Distinct() } };

    private static PortMapping Of(PublishedPort port) => new()
    {
        Protocol = port.Protocol switch
        {
            PortProtocol.Udp => Protocol.Udp,
            PortProtocol.Sctp => Protocol.Sctp,
            _ => Protocol.Tcp,
        },
        ContainerPort = port.ContainerPort,
        HostPort = port.HostPort,
        HostIp = port.IsOnAllAddresses ? "" : port.HostAddress.ToString(),
    };

    private static long Nanoseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() * NanosecondsPerMillisecond;
}
