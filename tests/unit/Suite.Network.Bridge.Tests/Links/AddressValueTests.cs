using System.Net;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Bridge.Tests.Links;

public sealed class AddressValueTests
{
    [Theory]
    [InlineData("10.88.0.0/16", "10.88.255.255")]
    [InlineData("192.168.7.4/30", "192.168.7.7")]
    [InlineData("fd53:1::/64", "fd53:1::ffff:ffff:ffff:ffff")]
    [InlineData("fd53:1::4/126", "fd53:1::7")]
    public void A_subnet_is_read_and_printed_alike(string text, string last)
    {
        var subnet = IpSubnet.Parse(text);
        Assert.Equal(text, subnet.ToString());
        Assert.Equal(IPAddress.Parse(last), subnet.ToAddress(subnet.Last));
    }

    [Theory]
    [InlineData("10.88.0.0")]
    [InlineData("10.88.0.0/31")]
    [InlineData("10.88/16")]
    [InlineData("10.88.0.0/-1")]
    [InlineData("10.88.0.0/16/8")]
    [InlineData("fd00::/127")]
    [InlineData("fd00::/8")]
    [InlineData("fe80::%eth0/64")]
    [InlineData("::ffff:10.0.0.0/112")]
    [InlineData("")]
    public void What_is_no_subnet_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => IpSubnet.Parse(text)).Kind);

    [Fact]
    public void Host_bits_are_refused_with_the_subnet_that_was_meant() => Assert.Contains(
        "10.88.0.0/16",
        Assert.Throws<SuiteException>(() => IpSubnet.Parse("10.88.0.1/16")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("10.0.0.0/8", "10.88.0.0/16", true)]
    [InlineData("10.88.0.0/16", "10.0.0.0/8", true)]
    [InlineData("10.88.0.0/16", "10.89.0.0/16", false)]
    [InlineData("fd53::/16", "fd53:1::/64", true)]
    [InlineData("fd53:1::/64", "10.0.0.0/8", false)]
    public void Subnets_overlap_when_one_holds_the_other(string one, string two, bool overlap) =>
        Assert.Equal(overlap, IpSubnet.Parse(one).Overlaps(IpSubnet.Parse(two)));

    [Fact]
    public void A_hardware_address_follows_from_the_ip_address()
    {
        var mac = MacAddress.For(IPAddress.Parse("10.88.0.2"));
        Assert.Equal("02:53:0a:58:00:02", mac.ToString());
        Assert.Equal(mac, MacAddress.Parse(mac.ToString()));
    }

    [Theory]
    [InlineData("01:00:5e:00:00:01")] // a group's
    [InlineData("00:00:00:00:00:00")]
    [InlineData("02:53:0a:58:00")]
    [InlineData("suite")]
    public void What_is_no_links_own_hardware_address_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => MacAddress.Parse(text)).Kind);
}
