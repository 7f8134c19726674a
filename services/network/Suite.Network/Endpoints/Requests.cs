using System.Net;
using System.Text.RegularExpressions;
using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;
using Suite.Network.Names;
using Suite.Network.Networks;
using Suite.Network.V1;
using DnsSettings = Suite.Network.Attachments.DnsSettings;

namespace Suite.Network.Endpoints;

/// <summary>Requests become wishes; what is not possible at all is refused here, by the name of its field.</summary>
internal static partial class Requests
{
    private const int MostPorts = 4096;
    private const int MostNetworks = 64;
    private const int MostAliases = 64;

    public static AttachWish ToWish(AttachRequest request)
    {
        CheckSandbox(request.SandboxId);
        if (request.PortMappings.Count > MostPorts)
        {
            throw Invalid($"port_mappings has {request.PortMappings.Count} entries; {MostPorts} are possible");
        }

        return new AttachWish(
            request.SandboxId,
            request.SandboxName.Length > 0 ? request.SandboxName : request.SandboxId,
            EndpointsOf(request),
            [.. request.PortMappings.Select(ToWish)],
            ToDomain(request.Dns),
            [.. request.Links.Select(link => new SandboxAlias(link.Sandbox, link.Alias.Length == 0 || DnsName.IsUsable(link.Alias) ? link.Alias : throw Invalid($"links: \"{link.Alias}\" is not a name")))],
            request.Pod is { } pod ? new PodFacts(pod.Namespace, pod.Name, pod.Uid, pod.Annotations.ToDictionary(), pod.CgroupPath) : null);
    }

    public static EndpointWish ToWish(EndpointSettings? settings)
    {
        if (settings is not { Network.Length: > 0 })
        {
            throw Invalid("endpoint.network is empty: name a network");
        }

        if (settings.Aliases.Count > MostAliases || settings.Aliases.FirstOrDefault(alias => !DnsName.IsUsable(alias)) is not null)
        {
            throw Invalid($"aliases [{string.Join(", ", settings.Aliases)}]: at most {MostAliases}, each of letters, digits, -, _ and dots");
        }

        return new EndpointWish(
            settings.Network,
            [.. settings.Addresses.Select(address => ParseAddress("addresses", address))],
            settings.MacAddress.Length > 0 ? MacAddress.Parse(settings.MacAddress) : null,
            [.. settings.Aliases]);
    }

    public static NetworkWish ToWish(CreateNetworkRequest request)
    {
        int mtu = request.Mtu <= int.MaxValue ? (int)request.Mtu : throw Invalid($"mtu {request.Mtu} is too large");
        return new NetworkWish(
            request.Name,
            request.Driver,
            [.. request.Subnets.Select(subnet => new SubnetWish(subnet.Subnet_, subnet.Gateway, subnet.Range))],
            mtu,
            request.Internal,
            request.Isolated,
            request.Ipv6,
            request.Labels.ToDictionary());
    }

    /// <summary>The id becomes part of a file's name.</summary>
    public static void CheckSandbox(string id)
    {
        if (!SandboxPattern().IsMatch(id))
        {
            throw Invalid($"sandbox_id \"{id}\" must be a letter or digit, then letters, digits, _, . or -, 128 at most");
        }
    }

    /// <summary>Either the short fields, about the first network, or one message for each network.</summary>
    private static List<EndpointWish> EndpointsOf(AttachRequest request)
    {
        bool isShort = request.Networks.Count > 0 || request.Addresses.Count > 0 || request.MacAddress.Length > 0 || request.Aliases.Count > 0;
        if (isShort && request.Endpoints.Count > 0)
        {
            throw Invalid("endpoints stands beside networks, addresses, mac_address or aliases: use the one or the others");
        }

        if (request.Networks.Count > MostNetworks || request.Endpoints.Count > MostNetworks)
        {
            throw Invalid($"a sandbox can be on {MostNetworks} networks at most");
        }

        if (!isShort)
        {
            return [.. request.Endpoints.Select(ToWish)];
        }

        string[] networks = request.Networks.Count > 0 ? [.. request.Networks] : [NetworkRecord.Default];
        return
        [
            .. networks.Select((network, position) => ToWish(new EndpointSettings
            {
                Network = network,
                Addresses = { position == 0 ? request.Addresses : [] },
                MacAddress = position == 0 ? request.MacAddress : "",
                Aliases = { request.Aliases },
            })),
        ];
    }

    private static PortWish ToWish(PortMapping mapping)
    {
        ushort first = mapping.HostPort <= ushort.MaxValue ? (ushort)mapping.HostPort : throw Invalid($"port_mappings.host_port {mapping.HostPort} is above {ushort.MaxValue}");
        if (mapping.HostPortEnd != 0 && (first == 0 || mapping.HostPortEnd < first || mapping.HostPortEnd > ushort.MaxValue))
        {
            throw Invalid($"port_mappings.host_port_end {mapping.HostPortEnd} ends no range that begins with {first}");
        }

        return new PortWish(
            mapping.Protocol switch
            {
                Protocol.Tcp => PortProtocol.Tcp,
                Protocol.Udp => PortProtocol.Udp,
                Protocol.Sctp => PortProtocol.Sctp,
                _ => throw Invalid($"port_mappings: there is no protocol {mapping.Protocol}"),
            },
            mapping.HostIp.Length == 0 ? null : ParseHostAddress(mapping.HostIp),
            first,
            mapping.ContainerPort is > 0 and <= ushort.MaxValue
                ? (ushort)mapping.ContainerPort
                : throw Invalid($"port_mappings.container_port {mapping.ContainerPort} is not from 1 to {ushort.MaxValue}"),
            (ushort)mapping.HostPortEnd);
    }

    private static DnsSettings ToDomain(V1.DnsSettings? dns)
    {
        if (dns is null)
        {
            return DnsSettings.None;
        }

        // Each becomes a word of a line of resolv.conf.
        if (dns.Servers.Concat(dns.Searches).Concat(dns.Options).FirstOrDefault(word => word.Length is 0 or > 255 || word.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) is { } bad)
        {
            throw Invalid($"dns: \"{bad}\" is not one word");
        }

        return new DnsSettings([.. dns.Servers.Select(server => ParseAddress("dns.servers", server).ToString())], [.. dns.Searches], [.. dns.Options]);
    }

    private static IPAddress? ParseHostAddress(string text)
    {
        var address = ParseAddress("port_mappings.host_ip", text);
        // 0.0.0.0 is what other engines write for "all", of both families; "::" is all of IPv6.
        return address.Equals(IPAddress.Any) ? null : address;
    }

    private static IPAddress ParseAddress(string field, string text) =>
        IPAddress.TryParse(text, out var address) && !text.Contains('%', StringComparison.Ordinal) && !address.IsIPv4MappedToIPv6
            ? address
            : throw Invalid($"{field} \"{text}\" is not an IP address");

    private static SuiteException Invalid(string sentence) => new(ErrorKind.InvalidArgument, sentence);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$")]
    private static partial Regex SandboxPattern();
}
