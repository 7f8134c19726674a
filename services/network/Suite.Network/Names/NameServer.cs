using System.Net;
using System.Net.Sockets;
using Suite.Network.Networks;

namespace Suite.Network.Names;

/// <summary>
/// Answers names at the bridge's own address of each user network. There, and not inside each sandbox: it costs an attach nothing,
/// and port 53 inside stays free for sandboxes that serve names themselves.
/// </summary>
internal sealed partial class NameServer(NameResolver resolver, ServedAddresses served, ILogger<NameServer> logger) : IDisposable
{
    private const int Port = 53;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, (UdpNames Udp, TcpNames Tcp)> _listening = [];

    /// <summary>Listens where it does not yet. A port that is taken costs the names of that network, and nothing else.</summary>
    public void Serve(NetworkRecord network)
    {
        if (!network.HasNames)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var gateway in network.Bridge!.Subnets.Select(part => part.Gateway).Where(gateway => !_listening.ContainsKey(gateway)))
            {
                Listen(network.Name, gateway);
            }
        }
    }

    public void Leave(NetworkRecord network)
    {
        lock (_lock)
        {
            foreach (var part in network.Bridge?.Subnets ?? [])
            {
                if (_listening.Remove(part.Gateway, out var pair))
                {
                    served.Remove(part.Gateway);
                    pair.Udp.Dispose();
                    pair.Tcp.Dispose();
                }
            }
        }
    }

    /// <summary>Where a sandbox on this network asks; null when nobody answers there.</summary>
    public IPAddress? AddressOn(NetworkRecord network) =>
        network.HasNames ? network.Bridge!.Subnets.Select(part => part.Gateway).FirstOrDefault(served.All.Contains) : null;

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (udp, tcp) in _listening.Values)
            {
                udp.Dispose();
                tcp.Dispose();
            }

            _listening.Clear();
        }
    }

    private void Listen(string network, IPAddress gateway)
    {
        UdpNames? udp = null;
        try
        {
            udp = new UdpNames(new IPEndPoint(gateway, Port), resolver);
            _listening.Add(gateway, (udp, new TcpNames(new IPEndPoint(gateway, Port), resolver)));
            served.Add(gateway);
        }
        catch (SocketException e)
        {
            udp?.Dispose();
            NotServed(network, gateway, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Names on network {Network} are not answered: port 53 of {Gateway} cannot be opened: {Problem}. Its containers use the host's name servers")]
    private partial void NotServed(string network, IPAddress gateway, string problem);
}
