using System.Net;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Ports;
using Suite.Network.Endpoints;
using Suite.Network.V1;

namespace Suite.Network.Tests.Endpoints;

public sealed class RequestsTests
{
    [Fact]
    public void A_full_request_becomes_a_wish()
    {
        var wish = Requests.ToWish(new AttachRequest
        {
            SandboxId = "5f2c",
            SandboxName = "default/web",
            Networks = { "bridge" },
            Addresses = { "10.88.0.9" },
            MacAddress = "02:53:00:00:00:09",
            PortMappings = { new PortMapping { HostPort = 8080, ContainerPort = 80 }, new PortMapping { Protocol = Protocol.Udp, ContainerPort = 53, HostIp = "127.0.0.1" } },
        });
        Assert.Equal(("5f2c", "default/web"), (wish.Sandbox, wish.Name));
        Assert.Equal(IPAddress.Parse("10.88.0.9"), Assert.Single(wish.Endpoints[0].Addresses));
        Assert.Equal("02:53:00:00:00:09", wish.Endpoints[0].Mac.ToString());
        Assert.Equal((PortProtocol.Tcp, null, (ushort)8080, (ushort)80), (wish.Ports[0].Protocol, wish.Ports[0].HostAddress, wish.Ports[0].HostPort, wish.Ports[0].ContainerPort));
        Assert.Equal((PortProtocol.Udp, IPAddress.Loopback, (ushort)0), (wish.Ports[1].Protocol, wish.Ports[1].HostAddress, wish.Ports[1].HostPort));
    }

    [Fact]
    public void Every_part_of_a_wish_is_in_its_fingerprint()
    {
        var request = new AttachRequest { SandboxId = "a", SandboxName = "n" };
        string plain = Requests.ToWish(request).Fingerprint;
        Assert.Equal(plain, Requests.ToWish(request.Clone()).Fingerprint);
        Assert.NotEqual(plain, Requests.ToWish(new AttachRequest(request) { MacAddress = "02:00:00:00:00:01" }).Fingerprint);
        Assert.NotEqual(plain, Requests.ToWish(new AttachRequest(request) { Networks = { "other" } }).Fingerprint);
        Assert.NotEqual(plain, Requests.ToWish(new AttachRequest(request) { Addresses = { "10.0.0.1" } }).Fingerprint);
        Assert.NotEqual(plain, Requests.ToWish(new AttachRequest(request) { PortMappings = { new PortMapping { ContainerPort = 1 } } }).Fingerprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../etc")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    public void A_sandbox_id_cannot_leave_its_folder(string id) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => Requests.ToWish(new AttachRequest { SandboxId = id })).Kind);

    [Theory]
    [InlineData(0u, 80u, "", ErrorKind.InvalidArgument, "container_port 0")]
    [InlineData(70000u, 80u, "", ErrorKind.InvalidArgument, "container_port 70000")]
    [InlineData(80u, 70000u, "", ErrorKind.InvalidArgument, "host_port 70000")]
    [InlineData(80u, 80u, "localhost", ErrorKind.InvalidArgument, "localhost")]
    [InlineData(80u, 80u, "::ffff:10.0.0.1", ErrorKind.InvalidArgument, "::ffff:10.0.0.1")]
    [InlineData(80u, 80u, "fe80::1%eth0", ErrorKind.InvalidArgument, "fe80::1%eth0")]
    public void An_impossible_port_is_refused_by_the_name_of_its_field(uint container, uint host, string address, ErrorKind kind, string words)
    {
        var request = new AttachRequest { SandboxId = "a", PortMappings = { new PortMapping { ContainerPort = container, HostPort = host, HostIp = address } } };
        var error = Assert.Throws<SuiteException>(() => Requests.ToWish(request));
        Assert.Equal(kind, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8000u, 7999u)]
    [InlineData(0u, 8000u)]
    [InlineData(8000u, 70000u)]
    public void A_range_of_ports_that_is_none_is_refused(uint first, uint last)
    {
        var request = new AttachRequest { SandboxId = "a", PortMappings = { new PortMapping { ContainerPort = 80, HostPort = first, HostPortEnd = last } } };
        Assert.Contains("host_port_end", Assert.Throws<SuiteException>(() => Requests.ToWish(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_are_named_in_one_way_or_the_other()
    {
        var request = new AttachRequest { SandboxId = "a", Networks = { "bridge" }, Endpoints = { new EndpointSettings { Network = "back" } } };
        Assert.Contains("endpoints", Assert.Throws<SuiteException>(() => Requests.ToWish(request)).Message, StringComparison.Ordinal);
        request.Networks.Clear();
        Assert.Equal("back", Assert.Single(Requests.ToWish(request).Endpoints).Network);
        Assert.Empty(Requests.ToWish(new AttachRequest { SandboxId = "a" }).Endpoints);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("")]
    public void What_is_not_one_word_cannot_reach_resolv_conf(string word)
    {
        var request = new AttachRequest { SandboxId = "a", Dns = new V1.DnsSettings { Searches = { word } } };
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => Requests.ToWish(request)).Kind);
    }
}
