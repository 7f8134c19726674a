using System.Net;
using Suite.Network.Bridge.Firewall;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Bridge.Tests.Firewall;

public sealed class RulesetTests
{
    [Fact]
    public void The_whole_table_in_nfts_words() => Assert.Equal(
        """
        add table inet suite
        delete table inet suite
        add table inet suite
        add set inet suite bridges { type ifname; }
        add set inet suite within { type ifname . ifname; }
        add set inet suite internal { type ifname; }
        add set inet suite isolated { type ifname; }
        add set inet suite masqueraded { type ipv4_addr; flags interval; }
        add set inet suite masqueraded6 { type ipv6_addr; flags interval; }
        add map inet suite hostports { type inet_proto . inet_service : ipv4_addr . inet_service; }
        add map inet suite hostports6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
        add map inet suite hostipports { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
        add map inet suite hostipports6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
        add chain inet suite ports
        add rule inet suite ports dnat ip to ip daddr . meta l4proto . th dport map @hostipports
        add rule inet suite ports dnat ip to meta l4proto . th dport map @hostports
        add rule inet suite ports dnat ip6 to ip6 daddr . meta l4proto . th dport map @hostipports6
        add rule inet suite ports ip6 daddr != ::1 dnat ip6 to meta l4proto . th dport map @hostports6
        add chain inet suite guard { type filter hook prerouting priority -300; policy accept; }
        add rule inet suite guard iifname @bridges ip daddr 127.0.0.0/8 drop
        add rule inet suite guard iifname @bridges ip saddr 127.0.0.0/8 drop
        add chain inet suite prerouting { type nat hook prerouting priority -100; policy accept; }
        add rule inet suite prerouting fib daddr type local goto ports
        add chain inet suite output { type nat hook output priority -100; policy accept; }
        add rule inet suite output fib daddr type local goto ports
        add chain inet suite forward { type filter hook forward priority 0; policy accept; }
        add rule inet suite forward iifname . oifname @within accept
        add rule inet suite forward iifname @internal drop
        add rule inet suite forward oifname @internal drop
        add rule inet suite forward oifname @bridges ct state established,related accept
        add rule inet suite forward oifname @bridges ct status dnat accept
        add rule inet suite forward iifname @isolated oifname @bridges drop
        add rule inet suite forward iifname @bridges oifname @isolated drop
        add rule inet suite forward iifname @bridges accept
        add chain inet suite postrouting { type nat hook postrouting priority 100; policy accept; }
        add rule inet suite postrouting ip saddr @masqueraded oifname != @bridges masquerade
        add rule inet suite postrouting ip6 saddr @masqueraded6 oifname != @bridges masquerade
        add rule inet suite postrouting ip saddr @masqueraded oifname @bridges ct status dnat masquerade
        add rule inet suite postrouting ip6 saddr @masqueraded6 oifname @bridges ct status dnat masquerade
        add rule inet suite postrouting ip saddr 127.0.0.0/8 oifname @bridges ct status dnat masquerade
        add element inet suite bridges { "suite0" }
        add element inet suite within { "suite0" . "suite0" }
        add element inet suite masqueraded { 10.88.0.0/16 }
        add element inet suite hostports { tcp . 8080 : 10.88.0.2 . 80 }
        """,
        Samples.Print(Ruleset.Replace("suite", [Samples.Network], [Samples.Sandbox.Ports[0]])));

    [Fact]
    public void What_is_hushed_on_bridges() => Assert.Equal(
        """
        add table bridge suite
        delete table bridge suite
        add table bridge suite
        add chain bridge suite hush { type filter hook prerouting priority -300; policy accept; }
        add rule bridge suite hush iifname "suite-*" meta l4proto 58 @th,0,8 143 @th,96,104 0xff0200000000000000000001ff drop
        """,
        Samples.Print(Hush.Replace("suite")));

    [Fact]
    public void An_internal_network_is_not_masqueraded() => Assert.DoesNotContain(
        "masqueraded {",
        Samples.Print(Ruleset.AddNetwork("suite", Samples.Network with { Internal = true })),
        StringComparison.Ordinal);

    [Fact]
    public void A_published_port_as_an_element() => Assert.Equal(
        "58000000" + "0C0A" + "0504" + "01000000" + "00000000" // NEWSETELEM, REQUEST|ACK|CREATE
        + "01000000" // nfgenmsg: NFPROTO_INET
        + "0A000100" + "737569746500" + "0000" // TABLE
        + "0E000200" + "686F7374706F72747300" + "0000" // SET
        + "28000380" + "24000180" + "10000180" + "0C000100" + "060000001F900000" // KEY: tcp . 8080
        + "10000280" + "0C000100" + "0A58000200500000", // DATA: 10.88.0.2 . 80
        Bytes(Ruleset.AddPorts("suite", [Samples.Sandbox.Ports[0]])[0]));

    [Fact]
    public void A_rule_as_instructions() => Assert.Equal(
        "AC000000" + "060A" + "050C" + "01000000" + "00000000" + "01000000" // NEWRULE, REQUEST|ACK|CREATE|APPEND
        + "0A000100" + "737569746500" + "0000" // TABLE
        + "0C000200" + "666F727761726400" // CHAIN
        + "80000480"
        + "24000180" + "09000100" + "6D65746100" + "000000" // meta iifname => reg 1
        + "14000280" + "08000200" + "00000006" + "08000100" + "00000001"
        + "28000180" + "0B000100" + "6C6F6F6B757000" + "00" // lookup reg 1 set bridges
        + "18000280" + "0C000100" + "6272696467657300" + "08000200" + "00000001"
        + "30000180" + "0E000100" + "696D6D65646961746500" + "0000" // immediate reg 0 accept
        + "1C000280" + "08000100" + "00000000" + "10000280" + "0C000280" + "08000100" + "00000001",
        Bytes(AddRule.Of("suite", "forward", Clause.FromBridge, Clause.Accept)));

    [Fact]
    public void Ten_thousand_ports_fit_into_messages_of_bounded_size()
    {
        var ports = Enumerable.Range(1, 10_000).Select(n => new PublishedPort(PortProtocol.Tcp, IPAddress.Any, (ushort)n, Samples.Address, 80));
        var plan = Ruleset.AddPorts("suite", ports);
        Assert.Equal(20, plan.Length);
        Assert.All(plan, step => Assert.True(Bytes(step).Length / 2 < ushort.MaxValue));
    }

    private static string Bytes(Step step)
    {
        var writer = new NetlinkWriter();
        ((MessageStep)step).Write(writer, 1, NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_ACK, new Samples());
        return Convert.ToHexString(writer.Written);
    }
}
