using System.Net;
using Grpc.Core;
using Suite.Linux.Native;
using Suite.Network.Bridge.Ports;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

/// <summary>
/// Published ports of SCTP. A kernel without it is told by its sockets; there what leads to the sandbox is looked at and nothing is sent.
/// tests/vm/classes runs this under one that has it.
/// </summary>
public sealed class SctpTests
{
    [RootFact]
    public async Task A_port_leads_to_the_sandbox_from_every_address_and_is_refused_to_others()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        AttachRequest Published(string sandbox, uint port)
        {
            var request = rig.Request(sandbox);
            request.PortMappings.Add(new PortMapping { Protocol = Protocol.Sctp, HostPort = port, ContainerPort = 7 });
            return request;
        }

        var one = (await rig.Client.AttachAsync(Published("one", 20888))).Attachment;
        string[] addresses = [.. one.Endpoints[0].Addresses.Select(address => address.Split('/')[0])];
        Assert.Contains($"sctp . 20888 : {addresses[0]} . 7", Map(rig, "hostports"), StringComparison.Ordinal);
        Assert.Contains($"sctp . 20888 : {addresses[1]} . 7", Map(rig, "hostports6"), StringComparison.Ordinal);
        // The same number of another protocol is another port.
        await rig.AttachAsync("two", (20888, 80));
        var refused = await Assert.ThrowsAsync<RpcException>(() => rig.Client.AttachAsync(Published("three", 20888)).ResponseAsync);
        Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
        Assert.Contains("default/one", refused.Status.Detail, StringComparison.Ordinal);

        if (PortSockets.Has(PortProtocol.Sctp))
        {
            await TalkAsync(rig, one, addresses);
        }
        else
        {
            // Nothing could find a free port, and the refusal says why.
            var chosen = await Assert.ThrowsAsync<RpcException>(() => rig.Client.AttachAsync(Published("any", 0)).ResponseAsync);
            Assert.Contains("no SCTP", chosen.Status.Detail, StringComparison.Ordinal);
        }

        await rig.DetachAsync("one");
        Assert.DoesNotContain("sctp . 20888", Map(rig, "hostports") + Map(rig, "hostports6"), StringComparison.Ordinal);
    }

    private static async Task TalkAsync(ServiceRig rig, Attachment one, string[] addresses)
    {
        var two = (await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest { SandboxId = "two" })).Attachments[0];
        using var server = Wire.Serve(one.NetnsPath, 7, "streams", family => SctpCalls.TryOpen(family)!);
        Task<string> AskAsync(string address, int port, string? space = null) => Wire.AskAsync(IPAddress.Parse(address), port, space, open: family => SctpCalls.TryOpen(family)!);
        foreach (string address in addresses)
        {
            Assert.Equal("streams", await AskAsync(address, 7));
        }

        string[] hosts = ["127.0.0.1", "::1", .. one.Endpoints[0].Gateways];
        foreach (string address in hosts)
        {
            Assert.Equal("streams", await AskAsync(address, 20888));
        }

        foreach (string gateway in two.Endpoints[0].Gateways)
        {
            Assert.Equal("streams", await AskAsync(gateway, 20888, two.NetnsPath));
        }

        var any = rig.Request("any");
        any.PortMappings.Add(new PortMapping { Protocol = Protocol.Sctp, ContainerPort = 7 });
        Assert.NotEqual(0u, (await rig.Client.AttachAsync(any)).Attachment.PortMappings[0].HostPort);
        // The kernel, too, refuses it to others.
        using var thief = SctpCalls.TryOpen(System.Net.Sockets.AddressFamily.InterNetwork)!;
        Assert.ThrowsAny<System.Net.Sockets.SocketException>(() => thief.Bind(new IPEndPoint(IPAddress.Any, 20888)));
    }

    private static string Map(ServiceRig rig, string map) => Wire.Execute("nft", "list", "map", "inet", rig.Instance, map);
}
