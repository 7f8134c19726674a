using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Suite.Linux.Namespaces;
using Suite.Network.Bridge.Links;

namespace Suite.Root.Tests.Network;

/// <summary>Small talk over TCP between namespaces. A socket stays in the namespace where it was made, whoever uses it.</summary>
internal static class Wire
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>A subnet for one test, so that tests can run side by side: 10.128.0.0 to 10.255.255.0, from the test's instance name.</summary>
    public static IpSubnet SubnetOf(string instance)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(instance));
        return IpSubnet.Parse($"10.{128 + hash[0] % 128}.{hash[1]}.0/24");
    }

    public static IpSubnet Subnet6Of(string instance)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(instance));
        return IpSubnet.Of(new IPAddress([0xfd, .. hash[..7], 0, 0, 0, 0, 0, 0, 0, 0]), 64);
    }

    /// <summary>Answers every connection inside the namespace with one word, until it is disposed.</summary>
    public static Socket Serve(string namespacePath, int port, string word, Func<AddressFamily, Socket>? open = null)
    {
        using var space = NetworkNamespace.Open(namespacePath);
        var listener = space.Run(() =>
        {
            var socket = (open ?? Tcp)(AddressFamily.InterNetworkV6);
            socket.DualMode = true;
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            socket.Listen();
            return socket;
        });
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var connection = await listener.AcceptAsync();
                await connection.SendAsync(Encoding.ASCII.GetBytes(word));
                connection.Shutdown(SocketShutdown.Both);
            }
        });
        return listener;
    }

    /// <summary>The word that is served there; from inside <paramref name="namespacePath"/>, or from the host.</summary>
    public static async Task<string> AskAsync(IPAddress address, int port, string? namespacePath = null, TimeSpan? patience = null, Func<AddressFamily, Socket>? open = null)
    {
        using var space = namespacePath is null ? null : NetworkNamespace.Open(namespacePath);
        Socket NewSocket() => (open ?? Tcp)(address.AddressFamily);
        using var socket = space is null ? NewSocket() : space.Run(NewSocket);
        using var limit = new CancellationTokenSource(patience ?? Patience);
        await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
        var buffer = new byte[64];
        int length = await socket.ReceiveAsync(buffer, limit.Token);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static Socket Tcp(AddressFamily family) => new(family, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Answers every datagram inside the namespace with one word, until it is disposed.</summary>
    public static Socket ServeUdp(string namespacePath, int port, string word)
    {
        using var space = NetworkNamespace.Open(namespacePath);
        var socket = space.Run(() =>
        {
            var made = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
            made.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return made;
        });
        _ = Task.Run(async () =>
        {
            var buffer = new byte[512];
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.IPv6Any, 0));
                await socket.SendToAsync(Encoding.ASCII.GetBytes(word), got.RemoteEndPoint);
            }
        });
        return socket;
    }

    /// <summary>The word that is answered to a datagram from the host.</summary>
    public static async Task<string> AskUdpAsync(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        using var limit = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
        await socket.SendAsync("question"u8.ToArray(), limit.Token);
        var buffer = new byte[512];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
    }

    /// <summary>Waits until there is no such file: what is detached goes a moment after the answer.</summary>
    public static async Task GoneAsync(string path)
    {
        for (int attempt = 0; File.Exists(path); attempt++)
        {
            Assert.InRange(attempt, 0, 500);
            await Task.Delay(10);
        }
    }

    /// <summary>Runs a command and returns what it printed.</summary>
    public static string Execute(string file, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    /// <summary>An address of this host that is neither loopback's nor a test's.</summary>
    public static IPAddress? HostAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(link => link.Name.StartsWith('e'))
        .SelectMany(link => link.GetIPProperties().UnicastAddresses)
        .Select(address => address.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);
}
