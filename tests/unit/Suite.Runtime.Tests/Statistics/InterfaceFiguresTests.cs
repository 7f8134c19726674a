using Suite.Runtime.Statistics;

namespace Suite.Runtime.Tests.Statistics;

public sealed class InterfaceFiguresTests
{
    private const string Devices =
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
          eth0: 1234567      89    1    2    0     0          0         3   765432      10    4    5    0     0       0          0
        """;

    private const string Routes = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\neth1\t0001580A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\neth0\t00000000\t0100580A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n";

    [Fact]
    public void Figures_are_taken_by_their_columns_and_loopback_is_left_out() =>
        Assert.Equal(new InterfaceFigures("eth0", 1_234_567, 89, 1, 2, 765_432, 10, 4, 5), Assert.Single(InterfaceFigures.Parse(Devices)));

    [Fact]
    public void The_default_interface_is_the_one_with_the_default_route()
    {
        Assert.Equal("eth0", InterfaceFigures.DefaultOf(Routes));
        Assert.Equal("", InterfaceFigures.DefaultOf("Iface\tDestination\n"));
    }

    [Fact]
    public void Garbage_is_passed_over() => Assert.Empty(InterfaceFigures.Parse("x: 1 2\n:::\n\n"));
}
