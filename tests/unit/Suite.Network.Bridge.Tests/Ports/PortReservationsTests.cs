using System.Net;
using System.Net.Sockets;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Bridge.Tests.Ports;

public sealed class PortReservationsTests : IDisposable
{
    private static readonly IPAddress Container = IPAddress.Parse("10.88.0.2");

    private readonly PortReservations _ports = new();

    public void Dispose() => _ports.Dispose();

    [Theory]
    [InlineData(PortProtocol.Tcp)]
    [InlineData(PortProtocol.Udp)]
    public void A_reserved_port_is_refused_to_ours_and_to_others_until_it_is_released(PortProtocol protocol)
    {
        var held = _ports.Reserve("default/web", [Port(protocol, 0)]);
        Assert.NotEqual(0, held[0].HostPort);
        var error = Assert.Throws<SuiteException>(() => _ports.Reserve("default/late", [held[0] with { HostAddress = IPAddress.Loopback }]));
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
        Assert.Contains($"port {held[0].HostPort}/", error.Message, StringComparison.Ordinal);
        Assert.Contains("default/web", error.Message, StringComparison.Ordinal);
        Assert.Throws<SocketException>(() => Listen(protocol, held[0].HostPort));

        _ports.Release(held);
        using var others = Listen(protocol, held[0].HostPort);
        var theirs = Assert.Throws<SuiteException>(() => _ports.Reserve("default/late", held));
        Assert.Contains($"process {Environment.ProcessId} (", theirs.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_are_reserved_or_none()
    {
        var held = _ports.Reserve("a", [Port(PortProtocol.Tcp, 0)]);
        var free = _ports.Reserve("b", [Port(PortProtocol.Tcp, 0)]);
        _ports.Release(free);
        Assert.Throws<SuiteException>(() => _ports.Reserve("c", [free[0], held[0]]));
        Assert.Equal(free, _ports.Reserve("d", free));
    }

    [Fact]
    public void One_port_on_two_addresses_of_the_host_is_two_ports()
    {
        var one = _ports.Reserve("a", [Port(PortProtocol.Tcp, 0) with { HostAddress = IPAddress.Loopback }])[0];
        var two = one with { HostAddress = IPAddress.Parse("127.0.0.2") };
        Assert.Equal([two], _ports.Reserve("b", [two]));
    }

    [Fact]
    public void An_address_that_is_not_the_hosts_is_refused_by_name()
    {
        var error = Assert.Throws<SuiteException>(() => _ports.Reserve("a", [Port(PortProtocol.Tcp, 0) with { HostAddress = IPAddress.Parse("203.0.113.7") }]));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains("203.0.113.7", error.Message, StringComparison.Ordinal);
    }

    private static PublishedPort Port(PortProtocol protocol, ushort host) => new(protocol, IPAddress.Any, host, Container, 80);

    private static Socket Listen(PortProtocol protocol, ushort port)
    {
        var socket = protocol == PortProtocol.Tcp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            if (protocol == PortProtocol.Tcp)
            {
                socket.Listen();
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
