using System.Net;
using Suite.Linux.Errors;

namespace Suite.Network.Bridge.Ports;

/// <summary>
/// Holds every published port by a socket of our own, bound in the host's namespace. Translation happens before a packet
/// reaches any socket, so most never see traffic; what they do is make the kernel refuse the port to others, and us to take
/// it from others, at once and without a race. Reading /proc/net first would leave a gap, and hold nothing afterwards.
/// </summary>
public sealed class PortReservations : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(PortProtocol Protocol, ushort Port), List<Held>> _held = [];

    private sealed record Held(IPAddress Address, string Owner, PortSocket? Socket);

    /// <summary>Reserves the ports for <paramref name="owner"/>, all or none.</summary>
    /// <returns>The ports, those that had none with a free one of the kernel's choice.</returns>
    public IReadOnlyList<PublishedPort> Reserve(string owner, IReadOnlyList<PublishedPort> ports)
    {
        lock (_lock)
        {
            var reserved = new List<PublishedPort>();
            try
            {
                foreach (var port in ports)
                {
                    reserved.Add(Reserve(owner, port));
                }

                return reserved;
            }
            catch
            {
                ReleaseHeld(reserved);
                throw;
            }
        }
    }

    public void Release(IEnumerable<PublishedPort> ports)
    {
        lock (_lock)
        {
            ReleaseHeld(ports);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var held in _held.Values.SelectMany(list => list))
            {
                held.Socket?.Dispose();
            }

            _held.Clear();
        }
    }

    private PublishedPort Reserve(string owner, PublishedPort port)
    {
        if (OwnerOf(port) is { } other)
        {
            throw PortSocket.Taken(port, $"{other} has published it; choose another port, or remove {other} first");
        }

        var socket = PortSocket.Bind(port);
        if (socket is not null)
        {
            port = port with { HostPort = socket.Port };
        }

        var key = (port.Protocol, port.HostPort);
        if (!_held.TryGetValue(key, out var held))
        {
            _held.Add(key, held = []);
        }

        held.Add(new Held(port.HostAddress, owner, socket));
        socket?.Serve(port);
        return port;
    }

    private void ReleaseHeld(IEnumerable<PublishedPort> ports)
    {
        foreach (var port in ports)
        {
            var key = (port.Protocol, port.HostPort);
            if (_held.TryGetValue(key, out var held) && held.FindIndex(h => h.Address.Equals(port.HostAddress)) is >= 0 and var index)
            {
                held[index].Socket?.Dispose();
                held.RemoveAt(index);
                if (held.Count == 0)
                {
                    _held.Remove(key);
                }
            }
        }
    }

    /// <summary>Which of ours has the port: on the same address, or one of the two on all of the family's.</summary>
    private string? OwnerOf(PublishedPort port) => port.HostPort != 0 && _held.TryGetValue((port.Protocol, port.HostPort), out var held)
        ? held.FirstOrDefault(h => h.Address.AddressFamily == port.HostAddress.AddressFamily
            && (port.IsOnAllAddresses || h.Address.Equals(port.HostAddress) || h.Address.Equals(IPAddress.Any) || h.Address.Equals(IPAddress.IPv6Any)))?.Owner
        : null;
}
