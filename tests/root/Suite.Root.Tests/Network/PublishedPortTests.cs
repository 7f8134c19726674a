using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

/// <summary>Ports of the host that lead to a sandbox, by every address that leads to the host.</summary>
public sealed class PublishedPortTests
{
    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_port_answers_on_the_loopbacks_and_on_both_families_whatever_the_sandbox_has(bool ipv6)
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.Of($"{nameof(PublishedPortTests)} all {ipv6}"));
        await EndpointTests.CreateAsync(rig, "n", "n", ipv6);
        var request = rig.Request("web", (20881, 80));
        request.Networks.Add("n");
        var web = (await rig.Client.AttachAsync(request)).Attachment;
        Assert.Equal(new PortMapping { HostPort = 20881, ContainerPort = 80 }, Assert.Single(web.PortMappings));
        using var server = Wire.Serve(web.NetnsPath, 80, "web");
        // A second sandbox, on the default network, comes in by the host's addresses of both families; the first one by its own.
        var other = await rig.AttachAsync("other");
        Assert.Equal("web", await Wire.AskAsync(IPAddress.Loopback, 20881));
        Assert.Equal("web", await Wire.AskAsync(IPAddress.IPv6Loopback, 20881));
        foreach (string gateway in other.Endpoints[0].Gateways)
        {
            Assert.Equal("web", await Wire.AskAsync(IPAddress.Parse(gateway), 20881, other.NetnsPath));
        }

        foreach (string gateway in web.Endpoints[0].Gateways)
        {
            Assert.Equal("web", await Wire.AskAsync(IPAddress.Parse(gateway), 20881, web.NetnsPath));
        }

        // The half of a connection that a client has closed is not the end of the answer.
        using var client = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.IPv6Loopback, 20881);
        using var reader = new StreamReader(new NetworkStream(client));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("web", await reader.ReadToEndAsync());
    }

    [RootFact]
    public async Task A_udp_port_answers_on_the_loopbacks()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var request = rig.Request("names");
        request.PortMappings.Add(new PortMapping { Protocol = Protocol.Udp, HostPort = 20882, ContainerPort = 53 });
        var names = (await rig.Client.AttachAsync(request)).Attachment;
        using var server = Wire.ServeUdp(names.NetnsPath, 53, "answer");
        foreach (var loopback in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            for (int i = 0; i < 2; i++)
            {
                Assert.Equal("answer", await Wire.AskUdpAsync(loopback, 20882));
            }
        }
    }

    [RootFact]
    public async Task Of_a_range_the_first_free_port_is_taken_and_none_left_is_said_with_the_owner()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        AttachRequest Ranged(string sandbox)
        {
            var request = rig.Request(sandbox);
            request.PortMappings.Add(new PortMapping { HostPort = 20883, HostPortEnd = 20884, ContainerPort = 80 });
            return request;
        }

        Assert.Equal(20883u, (await rig.Client.AttachAsync(Ranged("one"))).Attachment.PortMappings[0].HostPort);
        var two = (await rig.Client.AttachAsync(Ranged("two"))).Attachment;
        Assert.Equal(20884u, two.PortMappings[0].HostPort);
        using var server = Wire.Serve(two.NetnsPath, 80, "two");
        Assert.Equal("two", await Wire.AskAsync(IPAddress.Loopback, 20884));
        var none = await Assert.ThrowsAsync<RpcException>(() => rig.Client.AttachAsync(Ranged("three")).ResponseAsync);
        Assert.Equal(StatusCode.AlreadyExists, none.StatusCode);
        Assert.Contains("default/two", none.Status.Detail, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_port_on_one_address_of_the_host_answers_there_alone()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var request = rig.Request("web");
        request.PortMappings.Add([
            new PortMapping { HostPort = 20885, ContainerPort = 80, HostIp = "127.0.0.1" },
            new PortMapping { HostPort = 20886, ContainerPort = 80, HostIp = "::1" },
        ]);
        var web = (await rig.Client.AttachAsync(request)).Attachment;
        using var server = Wire.Serve(web.NetnsPath, 80, "web");
        Assert.Equal("web", await Wire.AskAsync(IPAddress.Loopback, 20885));
        Assert.Equal("web", await Wire.AskAsync(IPAddress.IPv6Loopback, 20886));
        await Assert.ThrowsAnyAsync<Exception>(() => Wire.AskAsync(IPAddress.IPv6Loopback, 20885));
        await Assert.ThrowsAnyAsync<Exception>(() => Wire.AskAsync(IPAddress.Loopback, 20886));
        await Assert.ThrowsAnyAsync<Exception>(() => Wire.AskAsync(IPAddress.Parse(web.Endpoints[0].Gateways[0]), 20885));
    }
}
