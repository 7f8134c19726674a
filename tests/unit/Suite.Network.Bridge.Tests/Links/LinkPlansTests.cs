using Suite.Network.Bridge.Links;

namespace Suite.Network.Bridge.Tests.Links;

public sealed class LinkPlansTests
{
    [Fact]
    public void Adding_a_network() => Assert.Equal(
        """
        link add suite0 type bridge address 02:53:0a:58:00:01 mtu 1500 stp off forward_delay 0 mcast_snooping 0 up
        sysctl net/ipv6/conf/suite0/accept_ra = 0
        sysctl net/ipv6/conf/suite0/disable_ipv6 = 1
        address add 10.88.0.1/16 dev suite0
        sysctl net/ipv4/ip_forward = 1
        sysctl net/ipv4/conf/suite0/route_localnet = 1
        """,
        Samples.Print(LinkPlans.AddNetwork(Samples.Network)));

    [Fact]
    public void Attaching() => Assert.Equal(
        """
        netns attach /run/suite/netns/suite-web
        link add suite-b4cd5f mtu 1500 master suite0 type veth peer eth0 address 02:53:0a:58:00:02 mtu 1500 in the sandbox
        link set suite-b4cd5f addrgenmode none
        link set suite-b4cd5f up type bridge_slave hairpin on
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
    public void Adding_a_network_of_both_families() => Assert.Equal(
        """
        link add suite0 type bridge address 02:53:0a:58:00:01 mtu 1500 stp off forward_delay 0 mcast_snooping 0 up
        sysctl net/ipv6/conf/suite0/accept_ra = 0
        sysctl net/ipv6/conf/suite0/disable_ipv6 = 0
        address add 10.88.0.1/16 dev suite0
        address add fd53:1::1/64 dev suite0 nodad
        sysctl net/ipv4/ip_forward = 1
        sysctl net/ipv6/conf/all/forwarding = 1, accept_ra of links that listen = 2
        sysctl net/ipv4/conf/suite0/route_localnet = 1
        """,
        Samples.Print(LinkPlans.AddNetwork(Samples.DualStack)));

    [Fact]
    public void Attaching_to_both_families() => Assert.Equal(
        """
        netns attach /run/suite/netns/suite-web
        link add suite-b4cd5f mtu 1500 master suite0 type veth peer eth0 address 02:53:0a:58:00:02 mtu 1500 in the sandbox
        link set suite-b4cd5f addrgenmode none
        link set suite-b4cd5f up type bridge_slave hairpin on
        inside: address add 10.88.0.2/16 dev eth0
        inside: address add fd53:1::2/64 dev eth0 nodad
        inside: link set eth0 up addrgenmode eui64
        inside: route add default via 10.88.0.1
        inside: route add default via fd53:1::1
        add element inet suite hostports { tcp . 8080 : 10.88.0.2 . 80 }
        add element inet suite hostipports { 127.0.0.1 . udp . 53 : 10.88.0.2 . 5353 }
        add element inet suite hostports6 { tcp . 8080 : fd53:1::2 . 80 }
        """,
        Samples.Print(LinkPlans.Attach("suite", Samples.DualSandbox)));

    [Fact]
    public void Preparing_a_link() => Assert.Equal(
        """
        link add suite-b4cd5f mtu 1500 master suite0 type veth peer eth0 mtu 1500 in the sandbox
        link set suite-b4cd5f addrgenmode none
        link set suite-b4cd5f up type bridge_slave hairpin on
        """,
        Samples.Print(LinkPlans.Prepare("suite-b4cd5f", Samples.DualStack)));

    [Fact]
    public void Attaching_by_a_prepared_link_and_one_more()
    {
        var second = Samples.Sandbox.Links[0] with { Network = Samples.Network with { Bridge = "suite1" }, HostEnd = "suite-second", Interface = "eth1", Addresses = [LinkAddress.Parse("10.89.0.2/16")] };
        Assert.Equal(
            """
            netns attach /run/suite/netns/suite-web
            link set suite-b4cd5f master suite0 up
            link add suite-second mtu 1500 master suite1 type veth peer eth1 address 02:53:0a:58:00:02 mtu 1500 in the sandbox
            link set suite-second addrgenmode none
            link set suite-second up type bridge_slave hairpin on
            inside: address add 10.88.0.2/16 dev eth0
            inside: address add fd53:1::2/64 dev eth0 nodad
            inside: link set eth0 address 02:53:0a:58:00:02 up addrgenmode eui64
            inside: address add 10.89.0.2/16 dev eth1
            inside: link set eth1 up
            inside: route add default via 10.88.0.1
            inside: route add default via fd53:1::1
            """,
            Samples.Print(LinkPlans.Attach("suite", Samples.DualSandbox with { Links = [Samples.DualSandbox.Links[0], second], Ports = [] }, isPrepared: true)));
    }

    [Fact]
    public void Of_two_networks_the_first_with_a_way_out_has_the_default_route_of_its_family()
    {
        var inside = Samples.DualSandbox.Links[0] with { Network = Samples.DualStack with { Bridge = "suite1", Internal = true }, Interface = "eth0" };
        var outside = Samples.Sandbox.Links[0] with { Interface = "eth1" };
        var both = Samples.Sandbox with { Links = [inside, outside] };
        string[] routes = [.. LinkPlans.Plug(both, both.Links).Select(step => step.Text).Where(text => text.Contains("default", StringComparison.Ordinal))];
        Assert.Equal(["inside: route add default via 10.88.0.1"], routes);
        Assert.DoesNotContain(LinkPlans.Plug(both, [inside]), step => step is AddDefaultRoute);
    }

    [Fact]
    public void Taking_a_link_away_leads_the_way_out_over_the_next() => Assert.Equal(
        """
        link del suite-gone00
        inside: route add default via 10.88.0.1
        """,
        Samples.Print(LinkPlans.Unplug(Samples.Sandbox, Samples.Sandbox.Links[0] with { HostEnd = "suite-gone00" })));

    [Fact]
    public void An_internal_network_has_no_way_out()
    {
        var link = Samples.Sandbox.Links[0];
        var inside = Samples.Sandbox with { Links = [link with { Network = link.Network with { Internal = true } }] };
        Assert.DoesNotContain("default", Samples.Print(LinkPlans.Attach("suite", inside)), StringComparison.Ordinal);
    }
}
