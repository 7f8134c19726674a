using Suite.Network.Bridge.Links;

namespace Suite.Network.Bridge.Tests.Links;

public sealed class LinkPlansTests
{
    [Fact]
    public void Adding_a_network() => Assert.Equal(
        """
        link add suite0 type bridge address 02:53:0a:58:00:01 mtu 1500 stp off forward_delay 0 up
        address add 10.88.0.1/16 dev suite0
        sysctl net/ipv4/ip_forward = 1
        sysctl net/ipv6/conf/suite0/disable_ipv6 = 1
        sysctl net/ipv4/conf/suite0/route_localnet = 1
        """,
        Samples.Print(LinkPlans.AddNetwork(Samples.Network)));

    [Fact]
    public void Attaching() => Assert.Equal(
        """
        netns attach /run/suite/netns/suite-web
        link add suite-b4cd5f mtu 1500 master suite0 up type veth peer eth0 address 02:53:0a:58:00:02 mtu 1500 in the sandbox
        link set suite-b4cd5f type bridge_slave hairpin on
        inside: address add 10.88.0.2/16 dev eth0
        inside: link set eth0 up
        inside: route add default via 10.88.0.1
        add element inet suite hostports { tcp . 8080 : 10.88.0.2 . 80 }
        add element inet suite hostipports { 127.0.0.1 . udp . 53 : 10.88.0.2 . 5353 }
        """,
        Samples.Print(LinkPlans.Attach("suite", Samples.Sandbox)));

    [Fact]
    public void Detaching() => Assert.Equal(
        """
        add element inet suite hostports { tcp . 8080 : 10.88.0.2 . 80 }
        delete element inet suite hostports { tcp . 8080 : 10.88.0.2 . 80 }
        add element inet suite hostipports { 127.0.0.1 . udp . 53 : 10.88.0.2 . 5353 }
        delete element inet suite hostipports { 127.0.0.1 . udp . 53 : 10.88.0.2 . 5353 }
        link set suite-b4cd5f group 0x53756974 down
        netns delete /run/suite/netns/suite-web
        """,
        Samples.Print(LinkPlans.Detach("suite", Samples.Sandbox)));

    [Fact]
    public void An_internal_network_has_no_way_out()
    {
        var link = Samples.Sandbox.Links[0];
        var inside = Samples.Sandbox with { Links = [link with { Network = link.Network with { Internal = true } }] };
        Assert.DoesNotContain("default", Samples.Print(LinkPlans.Attach("suite", inside)), StringComparison.Ordinal);
    }
}
