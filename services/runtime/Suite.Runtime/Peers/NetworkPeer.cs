using Suite.Network.V1;
using Suite.Runtime.Pods;
using Suite.Runtime.Telemetry;
using PortMapping = Suite.Runtime.Pods.PortMapping;

namespace Suite.Runtime.Peers;

/// <summary>suite-network, as far as pods need it: connected, and disconnected.</summary>
internal sealed class NetworkPeer(Network.V1.Network.NetworkClient network)
{
    public async Task<PodNetwork> AttachAsync(Pod pod, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("attach network", pod.Id);
        var request = new AttachRequest { SandboxId = pod.Id, SandboxName = pod.Metadata.ToString() };
        request.Networks.AddRange(pod.Config.Networks);
        request.PortMappings.AddRange(pod.Config.Ports.Where(port => port.HostPort > 0 || pod.Origin == PodOrigin.Suite).Select(ToMessage));
        request.Aliases.AddRange(pod.Config.Aliases);
        if (pod.Config.Address.Length > 0)
            request.Addresses.Add(pod.Config.Address);
        var response = await network.AttachAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false);
        var attachment = response.Attachment;
        return new PodNetwork(
            attachment.NetnsPath,
            [.. attachment.Endpoints.SelectMany(endpoint => endpoint.Addresses).Select(WithoutPrefix)],
            [.. attachment.PortMappings.Select(ToDomain)],
            attachment.Endpoints.SelectMany(endpoint => endpoint.Gateways).FirstOrDefault() ?? "",
            attachment.Dns is { } dns ? new DnsConfig([.. dns.Servers], [.. dns.Searches], [.. dns.Options]) : null);
    }

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
internal sealed record PodNetwork(string NetnsPath, IReadOnlyList<string> Addresses, IReadOnlyList<PortMapping> Ports, string Gateway, DnsConfig? Dns);
