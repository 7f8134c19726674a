using System.Net;
using System.Net.Sockets;

namespace Suite.Testing.Services;

/// <summary>A TCP port of 127.0.0.1 for one test.</summary>
public static class LoopbackPort
{
    // Free now is free in a moment too: the kernel gives out ephemeral ports in turn.
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
