using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;

namespace Suite.Network.Bridge.Tests.Links;

/// <summary>The bytes that go to the kernel.</summary>
public sealed class LinkMessageTests
{
    [Fact]
    public void A_veth_with_its_peer_in_the_sandbox() => Assert.Equal(
        "94000000" + "1000" + "0506" + "01000000" + "00000000" // NEWLINK, REQUEST|ACK|EXCL|CREATE
        + "00000000" + "00000000" + "00000000" + "00000000" // ifinfomsg
        + "1100" + "0300" + "73756974652D62346364356600" + "000000" // IFNAME
        + "08000400DC050000" + "08000A0005000000" // MTU, MASTER
        + "50001280" + "09000100" + "7665746800" + "000000" // LINKINFO, KIND veth
        + "40000280" + "3C000180" // DATA, PEER
        + "00000000" + "00000000" + "00000000" + "00000000" // ifinfomsg
        + "09000300" + "6574683000" + "000000" + "0A000100" + "02530A580002" + "0000"
        + "08000400DC050000" + "08001C0009000000", // MTU, NET_NS_FD
        Bytes(new CreateVeth("suite-b4cd5f", "suite0", "eth0", MacAddress.For(Samples.Address), 1500)));

    [Fact]
    public void An_address() => Assert.Equal(
        "30000000" + "1400" + "0505" + "01000000" + "00000000" // NEWADDR, REQUEST|ACK|REPLACE|CREATE
        + "02100000" + "02000000" // ifaddrmsg: AF_INET, /16, index 2
        + "08000200" + "0A580002" + "08000100" + "0A580002" + "08000400" + "0A58FFFF",
        Bytes(new AddAddress(Channel.Inside, "eth0", new LinkAddress(Samples.Address, 16))));

    [Fact]
    public void An_address_of_ipv6_without_duplicate_address_detection() => Assert.Equal(
        "48000000" + "1400" + "0505" + "01000000" + "00000000"
        + "0A400000" + "02000000" // ifaddrmsg: AF_INET6, /64, index 2
        + "14000200" + "FD530001000000000000000000000002" + "14000100" + "FD530001000000000000000000000002"
        + "08000800" + "02000000", // IFA_FLAGS: IFA_F_NODAD
        Bytes(new AddAddress(Channel.Inside, "eth0", LinkAddress.Parse("fd53:1::2/64"))));

    [Fact]
    public void A_default_route() => Assert.Equal(
        "24000000" + "1800" + "0505" + "01000000" + "00000000"
        + "02000000" + "FE040001" + "00000000" // rtmsg: AF_INET, table main, static, universe, unicast
        + "08000500" + "0A580001",
        Bytes(new AddDefaultRoute(Samples.Network.Subnets[0].Gateway)));

    [Fact]
    public void Condemning_a_link_takes_it_down_and_into_our_group() => Assert.Equal(
        "3C000000" + "1000" + "0500" + "01000000" + "00000000"
        + "00000000" + "00000000" + "00000000" + "01000000" // flags 0, change IFF_UP
        + "1100" + "0300" + "73756974652D62346364356600" + "000000"
        + "08001B00" + "74697553",
        Bytes(new CondemnLink("suite-b4cd5f")));

    private static string Bytes(MessageStep step)
    {
        var writer = new NetlinkWriter();
        step.Write(writer, 1, NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_ACK, new Samples());
        return Convert.ToHexString(writer.Written);
    }
}
