using Suite.Container.V1;
using Suite.Network.V1;

namespace Suite.Cli.Inspection;

/// <summary>How a container is connected. The addresses in each network are the network service's to tell, while it runs.</summary>
internal sealed record ContainerNetwork(
    string IPAddress,
    string Gateway,
    string MacAddress,
    IReadOnlyList<string> Addresses,
    IReadOnlyDictionary<string, ContainerEndpoint> Networks,
    IReadOnlyDictionary<string, IReadOnlyList<PortBinding>> Ports)
{
    /// <param name="info">The container.</param>
    /// <param name="attachment">Null: it is on no network now, or the service that knows is down.</param>
    public static ContainerNetwork From(ContainerInfo info, Attachment? attachment)
    {
        // It may have been connected to others since it was made.
        var endpoints = attachment?.Endpoints.ToList() ?? [.. info.Networks.Select(name => new Network.V1.Endpoint { Network = name })];
        var main = endpoints.FirstOrDefault() ?? new Network.V1.Endpoint();
        return new ContainerNetwork(
            info.Addresses.FirstOrDefault() ?? "",
            main.Gateways.FirstOrDefault() ?? "",
            main.MacAddress,
            [.. info.Addresses],
            endpoints.DistinctBy(e => e.Network).ToDictionary(e => e.Network, ContainerEndpoint.From),
            // What is published on no address in particular is so on all, and Docker says it that way here.
            PortBinding.ByPort(info.Ports.Select(p => p.HostIp.Length > 0 ? p : new Container.V1.PortMapping(p) { HostIp = "0.0.0.0" })));
    }
}

internal sealed record ContainerEndpoint(
    string IPAddress, int IPPrefixLen, string Gateway, string GlobalIPv6Address, string IPv6Gateway, string MacAddress, IReadOnlyList<string> Aliases)
{
    public static ContainerEndpoint From(Network.V1.Endpoint endpoint)
    {
        var main = endpoint.Addresses.FirstOrDefault(a => !a.Contains(':'))?.Split('/');
        return new ContainerEndpoint(
            main?[0] ?? "",
            main is [_, var length] && int.TryParse(length, out var bits) ? bits : 0,
            endpoint.Gateways.FirstOrDefault(g => !g.Contains(':')) ?? "",
            endpoint.Addresses.FirstOrDefault(a => a.Contains(':'))?.Split('/')[0] ?? "",
            endpoint.Gateways.FirstOrDefault(g => g.Contains(':')) ?? "",
            endpoint.MacAddress,
            [.. endpoint.Aliases]);
    }
}
