using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;
using Suite.Network.Networks;
using Suite.Network.V1;

namespace Suite.Network.Endpoints;

/// <summary>Requests become wishes; what is not possible at all is refused here, by the name of its field.</summary>
internal static partial class Requests
{
    private const int MostPorts = 4096;

    public static AttachWish ToWish(AttachRequest request)
    {
        CheckSandbox(request.SandboxId);
        if (request.PortMappings.Count > MostPorts)
        {
            throw Invalid($"port_mappings has {request.PortMappings.Count} entries; {MostPorts} are possible");
        }

        if (request.Addresses.Count > 1)
        {
            throw new SuiteException(ErrorKind.Unsupported, "addresses names more than one; one IPv4 address is possible");
        }

        return new AttachWish(
            request.SandboxId,
            request.SandboxName.Length > 0 ? request.SandboxName : request.SandboxId,
            [.. request.Networks],
            [.. request.PortMappings.Select(ToWish)],
            request.Addresses.Count > 0 ? ParseAddress("addresses", request.Addresses[0]) : null,
            request.MacAddress.Length > 0 ? MacAddress.Parse(request.MacAddress) : null);
    }

    public static NetworkWish ToWish(CreateNetworkRequest request)
    {
        if (request.Subnets.Count > 1 || request.Subnets.Any(subnet => subnet.Subnet_.Contains(':', StringComparison.Ordinal)))
        {
            throw new SuiteException(ErrorKind.Unsupported, "subnets names more than one, or one of IPv6; one IPv4 subnet is possible");
        }

        var subnet = request.Subnets.Count > 0 ? request.Subnets[0] : new Subnet();
        int mtu = request.Mtu <= int.MaxValue ? (int)request.Mtu : throw Invalid($"mtu {request.Mtu} is too large");
        return new NetworkWish(request.Name, request.Driver, subnet.Subnet_, subnet.Gateway, subnet.Range, mtu, request.Internal, request.Labels.ToDictionary());
    }

    /// <summary>The id becomes part of a file's name.</summary>
    public static void CheckSandbox(string id)
    {
        if (!SandboxPattern().IsMatch(id))
        {
            throw Invalid($"sandbox_id \"{id}\" must be a letter or digit, then letters, digits, _, . or -, 128 at most");
        }
    }

    private static PortWish ToWish(PortMapping mapping) => new(
        mapping.Protocol switch
        {
            Protocol.Tcp => PortProtocol.Tcp,
            Protocol.Udp => PortProtocol.Udp,
            Protocol.Sctp => PortProtocol.Sctp,
            _ => throw Invalid($"port_mappings: there is no protocol {mapping.Protocol}"),
        },
        mapping.HostIp is "" or "0.0.0.0" ? null : ParseAddress("port_mappings.host_ip", mapping.HostIp),
        mapping.HostPort <= ushort.MaxValue ? (ushort)mapping.HostPort : throw Invalid($"port_mappings.host_port {mapping.HostPort} is above {ushort.MaxValue}"),
        mapping.ContainerPort is > 0 and <= ushort.MaxValue
            ? (ushort)mapping.ContainerPort
            : throw Invalid($"port_mappings.container_port {mapping.ContainerPort} is not from 1 to {ushort.MaxValue}"));

    private static IPAddress ParseAddress(string field, string text)
    {
        if (!IPAddress.TryParse(text, out var address))
        {
            throw Invalid($"{field} \"{text}\" is not an IP address");
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? address
            : throw new SuiteException(ErrorKind.Unsupported, $"{field} {text}: only IPv4 addresses are possible");
    }

    private static SuiteException Invalid(string sentence) => new(ErrorKind.InvalidArgument, sentence);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$")]
    private static partial Regex SandboxPattern();
}
