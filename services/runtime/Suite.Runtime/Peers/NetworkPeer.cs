using Suite.Network.V1;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;
using Suite.Runtime.Telemetry;
using PortMapping = Suite.Runtime.Pods.PortMapping;

namespace Suite.Runtime.Peers;

/// <summary>suite-network, as far as pods need it: connected, and disconnected.</summary>
internal sealed class NetworkPeer(Network.V1.Network.NetworkClient network, Inventory inventory)
{
    private const string SharedPrefix = "container:";

    public async Task<PodNetwork> AttachAsync(Pod pod, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("attach network", pod.Id);
        var request = new AttachRequest { SandboxId = pod.Id, SandboxName = pod.Metadata.ToString(), Pod = DetailsOf(pod) };
        request.Endpoints.AddRange(NetworksOf(pod).Select(name => EndpointOf(name, pod)));
        request.PortMappings.AddRange(pod.Config.Ports.Where(port => port.HostPort > 0 || pod.Origin == PodOrigin.Suite).Select(ToMessage));
        if (pod.Config.Dns is { IsEmpty: false } dns)
            request.Dns = new DnsSettings { Servers = { dns.Servers }, Searches = { dns.Searches }, Options = { dns.Options } };
        var response = await network.AttachAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false);
        var attachment = response.Attachment;
        return new PodNetwork(
            attachment.NetnsPath,
            [.. attachment.Endpoints.SelectMany(endpoint => endpoint.Addresses).Select(WithoutPrefix)],
            [.. attachment.PortMappings.Select(ToDomain)],
            new DnsConfig([.. attachment.Dns?.Servers ?? []], [.. attachment.Dns?.Searches ?? []], [.. attachment.Dns?.Options ?? []]),
            [.. attachment.Hosts.Select(entry => new HostLine(entry.Address, [.. entry.Names]))],
            attachment.Endpoints.SelectMany(endpoint => endpoint.Gateways).FirstOrDefault() ?? "");
    }

    /// <summary>Hands on the ranges that a cluster gives this node for its pods.</summary>
    public async Task SetPodRangesAsync(IReadOnlyCollection<string> ranges, CancellationToken cancellationToken) =>
        await network.SetPodRangesAsync(new SetPodRangesRequest { Ranges = { ranges } }, cancellationToken: cancellationToken).ConfigureAwait(false);

    public async Task DetachAsync(string podId, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("detach network", podId);
        await network.DetachAsync(new DetachRequest { SandboxId = podId }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether pods can be connected now, and why not.</summary>
    public async Task<(bool Ready, string Reason, string Message)> StatusAsync(CancellationToken cancellationToken)
    {
        var status = await network.StatusAsync(new StatusRequest(), cancellationToken: cancellationToken).ConfigureAwait(false);
        return (status.Ready, status.Reason, status.Message);
    }

    /// <summary>Others on a user network may call a container by its host name too, which is the beginning of its id unless it has another.</summary>
    private EndpointSettings EndpointOf(string name, Pod pod)
    {
        if (name.StartsWith(SharedPrefix, StringComparison.Ordinal))
            return new EndpointSettings { Network = SharedPrefix + PodOf(name[SharedPrefix.Length..]) };
        var endpoint = new EndpointSettings { Network = name, Aliases = { pod.Config.Aliases } };
        // An address is asked for on the first network.
        if (pod.Config.Address.Length > 0 && name == NetworksOf(pod)[0])
            endpoint.Addresses.Add(pod.Config.Address);
        if (pod.Origin == PodOrigin.Suite && name != "none" && pod.Config.Hostname.Length > 0)
            endpoint.Aliases.Add(pod.Config.Hostname);
        return endpoint;
    }

    // One that wants something of its network names it, even when it is the default one.
    private static IReadOnlyList<string> NetworksOf(Pod pod) =>
        pod.Config is { Networks.Count: 0, Address.Length: > 0 } ? ["bridge"] : pod.Config.Networks;

    /// <summary>People name a container, by name or the beginning of its id; the network knows pods.</summary>
    private string PodOf(string container)
    {
        var found = inventory.Containers.Where(c => c.Config.Name == container || c.Id.StartsWith(container, StringComparison.Ordinal)).Select(c => c.PodId).Distinct().ToList();
        return found.Count == 1 ? found[0] : container;
    }

    private static PodDetails? DetailsOf(Pod pod)
    {
        if (pod.Origin != PodOrigin.Kubernetes)
            return null;
        var details = new PodDetails { Namespace = pod.Metadata.Namespace, Name = pod.Metadata.Name, Uid = pod.Metadata.Uid, CgroupPath = pod.Config.CgroupParent };
        foreach (var (key, value) in pod.Config.Annotations)
            details.Annotations[key] = value;
        return details;
    }

    private static Network.V1.PortMapping ToMessage(PortMapping port) => new()
    {
        Protocol = (Protocol)port.Protocol,
        ContainerPort = port.ContainerPort,
        HostPort = port.HostPort,
        HostIp = port.HostIp,
    };

    private static PortMapping ToDomain(Network.V1.PortMapping port) =>
        new((PortProtocol)port.Protocol, port.ContainerPort, port.HostPort, port.HostIp);

    private static string WithoutPrefix(string address) => address.IndexOf('/') is var end and >= 0 ? address[..end] : address;
}

/// <summary>What the network service gave a pod.</summary>
/// <param name="Dns">Empty: what the host has.</param>
/// <param name="Hosts">What belongs into /etc/hosts beside the pod itself.</param>
/// <param name="Gateway">The host's address on the first network; empty: none.</param>
internal sealed record PodNetwork(
    string NetnsPath, IReadOnlyList<string> Addresses, IReadOnlyList<PortMapping> Ports, DnsConfig Dns, IReadOnlyList<HostLine> Hosts, string Gateway);
