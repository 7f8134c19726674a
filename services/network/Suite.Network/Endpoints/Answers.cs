using Suite.Network.Attachments;
using Suite.Network.Bridge.Ports;
using Suite.Network.Networks;
using Suite.Network.V1;

namespace Suite.Network.Endpoints;

/// <summary>Records become messages.</summary>
internal static class Answers
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    public static Attachment Of(AttachmentRecord attachment, NetworkCatalog catalog)
    {
        var answer = new Attachment
        {
            SandboxId = attachment.Sandbox,
            SandboxName = attachment.Name,
            NetnsPath = attachment.NamespacePath,
            CreatedAt = attachment.CreatedAt.ToUnixTimeMilliseconds() * NanosecondsPerMillisecond,
            PortMappings = { attachment.Ports.Select(Of) },
        };
        answer.Endpoints.Add(attachment.Links.Select(link => Of(link, catalog.Get(link.NetworkId))));
        return answer;
    }

    public static NetworkInfo Of(NetworkRecord network)
    {
        var answer = new NetworkInfo
        {
            Id = network.Id,
            Name = network.Name,
            Driver = network.Driver,
            CreatedAt = network.CreatedAt.ToUnixTimeMilliseconds() * NanosecondsPerMillisecond,
        };
        answer.Labels.Add(network.Labels.ToDictionary());
        if (network.Bridge is { } bridge)
        {
            answer.InterfaceName = bridge.Interface;
            answer.Mtu = (uint)bridge.Mtu;
            answer.Internal = bridge.Internal;
            answer.Subnets.Add(new Subnet { Subnet_ = bridge.Subnet.ToString(), Gateway = bridge.Gateway.ToString(), Range = bridge.Range == bridge.Subnet ? "" : bridge.Range.ToString() });
        }

        return answer;
    }

    private static V1.Endpoint Of(LinkRecord link, NetworkRecord network) => new()
    {
        Network = network.Name,
        InterfaceName = link.Interface,
        MacAddress = link.Mac.ToString(),
        Addresses = { $"{link.Address}/{network.Bridge!.Subnet.Prefix}" },
        Gateways = { network.Bridge.Gateway.ToString() },
    };

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
        HostIp = port.HostAddress?.ToString() ?? "",
    };
}
