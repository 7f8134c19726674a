using System.Net;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Ipam;
using Suite.Network.Bridge.Links;

namespace Suite.Network.Bridge.Tests.Ipam;

public sealed class AddressPoolTests
{
    private readonly SetTime _time = new();

    [Theory]
    [InlineData("10.0.0.0/30", 1)]
    [InlineData("10.0.0.0/26", 61)]
    [InlineData("10.0.0.0/22", 1021)]
    public void Every_address_is_given_once_and_then_no_more(string subnet, int usable)
    {
        var pool = Pool(subnet);
        var given = Enumerable.Range(0, usable).Select(_ => pool.Take()).ToHashSet();
        Assert.Equal(usable, given.Count);
        Assert.All(given, address => Assert.True(IpSubnet.Parse(subnet).Contains(address)));
        Assert.DoesNotContain(IPAddress.Parse("10.0.0.0"), given);
        Assert.DoesNotContain(IPAddress.Parse("10.0.0.1"), given);
        Assert.DoesNotContain(IpSubnet.Parse(subnet).ToAddress(IpSubnet.Parse(subnet).Last), given);
        var error = Assert.Throws<SuiteException>(() => pool.Take());
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
        Assert.Contains(subnet, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_released_address_rests_a_minute_and_others_are_given_in_turn()
    {
        var pool = Pool("10.0.0.0/29"); // .2 to .6
        var first = pool.Take();
        pool.Release(first);
        Assert.Equal(["10.0.0.3", "10.0.0.4"], new[] { pool.Take(), pool.Take() }.Select(a => a.ToString()));
        _time.Now += AddressPool.Rest;
        Assert.Equal(["10.0.0.5", "10.0.0.6", "10.0.0.2"], new[] { pool.Take(), pool.Take(), pool.Take() }.Select(a => a.ToString()));
    }

    [Fact]
    public void Only_when_nothing_else_is_left_the_longest_rested_is_given_early()
    {
        var pool = Pool("10.0.0.0/29");
        var all = Enumerable.Range(0, 5).Select(_ => pool.Take()).ToList();
        pool.Release(all[3]);
        pool.Release(all[1]);
        Assert.Equal(all[3], pool.Take());
        Assert.Equal(all[1], pool.Take());
        Assert.Throws<SuiteException>(() => pool.Take());
    }

    [Fact]
    public void An_address_may_be_asked_for_unless_it_is_in_use()
    {
        var pool = Pool("10.0.0.0/24");
        var wanted = IPAddress.Parse("10.0.0.77");
        pool.Take(wanted);
        Assert.Equal(ErrorKind.AlreadyExists, Assert.Throws<SuiteException>(() => pool.Take(wanted)).Kind);
        pool.Release(wanted);
        pool.Take(wanted);
        Assert.Equal(ErrorKind.AlreadyExists, Assert.Throws<SuiteException>(() => pool.Take(IPAddress.Parse("10.0.0.1"))).Kind);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => pool.Take(IPAddress.Parse("10.0.1.7"))).Kind);
    }

    [Fact]
    public void A_rest_goes_on_after_a_restart()
    {
        var pool = Pool("10.0.0.0/30");
        pool.ResumeRest(IPAddress.Parse("10.0.0.2"), _time.Now - TimeSpan.FromSeconds(59));
        pool.ResumeRest(IPAddress.Parse("10.0.0.2"), _time.Now); // told twice
        Assert.Equal(IPAddress.Parse("10.0.0.2"), pool.Take());
        Assert.Throws<SuiteException>(() => pool.Take());
    }

    [Fact]
    public void Addresses_come_from_the_range_alone()
    {
        var subnet = IpSubnet.Parse("10.0.0.0/24");
        var pool = new AddressPool("n", subnet, IpSubnet.Parse("10.0.0.128/30"), [IPAddress.Parse("10.0.0.1")], _time);
        Assert.Equal(["10.0.0.128", "10.0.0.129", "10.0.0.130", "10.0.0.131"], Enumerable.Range(0, 4).Select(_ => pool.Take().ToString()));
        Assert.Throws<SuiteException>(() => pool.Take());
    }

    [Fact]
    public void Whatever_happens_no_address_is_given_twice()
    {
        var random = new Random(20842);
        var pool = Pool("10.0.0.0/25");
        var inUse = new List<IPAddress>();
        for (int i = 0; i < 50_000; i++)
        {
            if (inUse.Count > 0 && random.Next(100) < 48)
            {
                int which = random.Next(inUse.Count);
                pool.Release(inUse[which]);
                inUse.RemoveAt(which);
            }
            else if (inUse.Count < 125)
            {
                var address = pool.Take();
                Assert.DoesNotContain(address, inUse);
                inUse.Add(address);
            }

            _time.Now += TimeSpan.FromMilliseconds(random.Next(3000));
            Assert.Equal(inUse.Count, pool.InUse);
        }
    }

    [Fact]
    public void A_large_subnet_of_ipv6_gives_in_turn_and_takes_what_is_asked_for_anywhere_in_it()
    {
        var subnet = IpSubnet.Parse("fd53:1::/64");
        var pool = new AddressPool("n", subnet, subnet, [IPAddress.Parse("fd53:1::1")], _time);
        Assert.Equal(IPAddress.Parse("fd53:1::2"), pool.Take());
        var far = IPAddress.Parse("fd53:1::dead:beef:0:7");
        pool.Take(far);
        Assert.Equal(ErrorKind.AlreadyExists, Assert.Throws<SuiteException>(() => pool.Take(far)).Kind);
        Assert.Equal(ErrorKind.AlreadyExists, Assert.Throws<SuiteException>(() => pool.Take(IPAddress.Parse("fd53:1::1"))).Kind);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => pool.Take(IPAddress.Parse("fd53:2::7"))).Kind);
        pool.Release(far);
        pool.Take(far);
        Assert.Equal(2, pool.InUse);
    }

    [Fact]
    public void The_first_pool_that_overlaps_nothing_is_chosen()
    {
        IpSubnet[] used = [IpSubnet.Parse("10.88.4.0/24"), IpSubnet.Of(IPAddress.Parse("10.89.0.0"), 32)];
        Assert.Equal("10.90.0.0/16", SubnetChoice.First(SubnetChoice.DefaultPools, used).ToString());
        var error = Assert.Throws<SuiteException>(() => SubnetChoice.First(SubnetChoice.DefaultPools, [IpSubnet.Parse("10.0.0.0/8"), IpSubnet.Parse("172.16.0.0/12")]));
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
    }

    private AddressPool Pool(string subnet) =>
        new("n", IpSubnet.Parse(subnet), IpSubnet.Parse(subnet), [IPAddress.Parse("10.0.0.1")], _time);

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(1);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
