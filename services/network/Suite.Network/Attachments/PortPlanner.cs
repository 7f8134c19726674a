using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Attachments;

/// <summary>Turns ports that are asked for into ports that are held, for each family of addresses that host and sandbox have.</summary>
internal sealed class PortPlanner(PortReservations reservations)
{
    private const int Attempts = 16; // for a port that is free for both families at once

    /// <summary>Reserves all or none.</summary>
    public ImmutableArray<PublishedPort> Reserve(string owner, IReadOnlyList<PortWish> wishes, ImmutableArray<LinkAddress> addresses)
    {
        var reserved = ImmutableArray.CreateBuilder<PublishedPort>();
        try
        {
            foreach (var wish in wishes)
            {
                reserved.AddRange(Reserve(owner, wish, addresses));
            }

            return reserved.ToImmutable();
        }
        catch
        {
            reservations.Release(reserved);
            throw;
        }
    }

    private IReadOnlyList<PublishedPort> Reserve(string owner, PortWish wish, ImmutableArray<LinkAddress> addresses)
    {
        if (wish.HostPort == 0)
        {
            return ReserveAny(owner, wish, addresses);
        }

        for (int number = wish.HostPort; ; number++)
        {
            try
            {
                return reservations.Reserve(owner, [.. Expand(wish, (ushort)number, addresses)]);
            }
            catch (SuiteException e) when (e.Kind == ErrorKind.AlreadyExists && number < wish.HostPortEnd)
            {
                // The next one of the range may be free.
            }
        }
    }

    /// <summary>The kernel chooses for the first family; the second must then have the same number free.</summary>
    private List<PublishedPort> ReserveAny(string owner, PortWish wish, ImmutableArray<LinkAddress> addresses)
    {
        var ports = Expand(wish, 0, addresses).ToList();
        for (int attempt = 1; ; attempt++)
        {
            var first = reservations.Reserve(owner, ports[..1]);
            try
            {
                var rest = reservations.Reserve(owner, [.. ports.Skip(1).Select(port => port with { HostPort = first[0].HostPort })]);
                return [.. first, .. rest];
            }
            catch (SuiteException e)
            {
                reservations.Release(first);
                if (e.Kind != ErrorKind.AlreadyExists || attempt == Attempts)
                {
                    throw;
                }
            }
        }
    }

    private static IEnumerable<PublishedPort> Expand(PortWish wish, ushort number, ImmutableArray<LinkAddress> addresses)
    {
        IPAddress[] hosts = wish.HostAddress is { } one ? [one] : Socket.OSSupportsIPv6 ? [IPAddress.Any, IPAddress.IPv6Any] : [IPAddress.Any];
        var ports = hosts.Select(host =>
        {
            bool isIpv6 = host.AddressFamily == AddressFamily.InterNetworkV6;
            var inside = addresses.FirstOrDefault(address => address.IsIpv6 == isIpv6) is { Address: not null } same ? same : addresses[0];
            return new PublishedPort(wish.Protocol, host, number, inside.Address, wish.ContainerPort);
        }).ToList();

        // On a kernel without SCTP nobody can pass it on between the families, or from ::1.
        return !PortSockets.Has(wish.Protocol) && ports.Any(port => port.IsTranslated) ? ports.Where(port => port.IsTranslated) : ports;
    }
}
