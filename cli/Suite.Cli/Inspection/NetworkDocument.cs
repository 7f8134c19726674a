using Suite.Cli.Output;
using Suite.Network.V1;

namespace Suite.Cli.Inspection;

/// <summary>A network as `network inspect` prints it.</summary>
internal sealed record NetworkDocument(
    string Name,
    string Id,
    string Created,
    string Driver,
    bool EnableIPv6,
    NetworkAddresses IPAM,
    bool Internal,
    bool Isolated,
    string Interface,
    uint Mtu,
    IReadOnlyDictionary<string, NetworkMember> Containers,
    IReadOnlyDictionary<string, string> Labels)
{
    public static NetworkDocument From(InspectNetworkResponse answer)
    {
        var network = answer.Network;
        return new NetworkDocument(
            network.Name,
            network.Id,
            Timestamps.Rfc3339(network.CreatedAt),
            network.Driver,
            network.Subnets.Any(subnet => subnet.Subnet_.Contains(':')),
            new NetworkAddresses([.. network.Subnets.Select(subnet => new NetworkSubnet(subnet.Subnet_, subnet.Range, subnet.Gateway))]),
            network.Internal,
            network.Isolated,
            network.InterfaceName,
            network.Mtu,
            answer.Attachments.ToDictionary(attachment => attachment.SandboxId, attachment => NetworkMember.From(attachment, network.Name)),
            network.Labels.ToDictionary());
    }
}

internal sealed record NetworkAddresses(IReadOnlyList<NetworkSubnet> Config);

internal sealed record NetworkSubnet(string Subnet, string IPRange, string Gateway);

internal sealed record NetworkMember(string Name, string MacAddress, string IPv4Address, string IPv6Address, IReadOnlyList<string> Aliases)
{
    public static NetworkMember From(Attachment attachment, string network)
    {
        var endpoint = attachment.Endpoints.FirstOrDefault(e => e.Network == network) ?? new Network.V1.Endpoint();
        return new NetworkMember(
            attachment.SandboxName,
            endpoint.MacAddress,
            endpoint.Addresses.FirstOrDefault(address => !address.Contains(':')) ?? "",
            endpoint.Addresses.FirstOrDefault(address => address.Contains(':')) ?? "",
            [.. endpoint.Aliases]);
    }
}
