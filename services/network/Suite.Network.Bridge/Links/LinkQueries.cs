using System.Buffers.Binary;
using System.Net;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Netlink;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>A link as RTM_GETLINK tells it.</summary>
internal sealed record LinkFacts(int Index, string Name, int Master, string? Kind, bool IsUp = false, uint Group = 0);

/// <summary>Questions to rtnetlink. Dumps are for start and recovery only: on a busy host the kernel interrupts them.</summary>
internal static class LinkQueries
{
    private const int DumpAttempts = 5;

    public static int IndexOf(NetlinkSocket socket, string name)
    {
        var writer = new NetlinkWriter();
        uint sequence = socket.NextSequence();
        writer.Link(RTM_GETLINK, NetlinkSocket.NLM_F_REQUEST, sequence);
        writer.Put(IFLA_IFNAME, name);
        int index = 0;
        socket.Ask(writer, sequence, $"look up the link {name}", message =>
        {
            if (message.Type == RTM_NEWLINK)
            {
                index = ReadLink(message).Index;
            }
        });
        return index > 0 ? index : throw new ErrnoException($"look up the link {name}", ErrnoNames.ENODEV);
    }

    public static List<LinkFacts> Links(NetlinkSocket socket) =>
        Dump<LinkFacts>(socket, "list the links", (writer, sequence) => writer.Link(RTM_GETLINK, Flags, sequence), (reader, list) =>
        {
            if (reader.Type == RTM_NEWLINK)
            {
                list.Add(ReadLink(reader));
            }
        });

    /// <summary>The subnets that the host already uses: those its routes lead to and those its addresses are in.</summary>
    public static List<(IpSubnet Subnet, int Link)> SubnetsInUse(NetlinkSocket socket)
    {
        var used = new List<(IpSubnet, int)>();
        foreach (byte family in new[] { AF_INET, AF_INET6 })
        {
            used.AddRange(Dump<(IpSubnet, int)>(socket, "list the routes", (writer, sequence) => writer.Route(RTM_GETROUTE, Flags, sequence, family, 0), (reader, list) =>
            {
                if (reader.Type == RTM_NEWROUTE && ReadRoute(reader) is { } route)
                {
                    list.Add(route);
                }
            }));
        }

        used.AddRange(Addresses(socket).Select(entry => (IpSubnet.Of(entry.Address.Address, entry.Address.Prefix), entry.Link)));

        // Every link has fe80::/64, and loopback and multicast are nobody's to give.
        used.RemoveAll(entry => entry.Item1.IsIpv6 && entry.Item1.ToAddress(entry.Item1.First) is { IsIPv6LinkLocal: true } or { IsIPv6Multicast: true });
        return used;
    }

    /// <summary>Every address of the namespace, and the index of its link.</summary>
    public static List<(LinkAddress Address, int Link)> Addresses(NetlinkSocket socket) =>
    [
        .. new[] { AF_INET, AF_INET6 }.SelectMany(family => Dump<(LinkAddress, int)>(
            socket,
            "list the addresses",
            (writer, sequence) => writer.Address(RTM_GETADDR, Flags, sequence, family, 0, 0),
            (reader, list) =>
            {
                if (reader.Type == RTM_NEWADDR && ReadAddress(reader) is { } address)
                {
                    list.Add(address);
                }
            })),
    ];

    private const ushort Flags = NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_DUMP;

    internal delegate void Collect<T>(NetlinkReader reader, List<T> list);

    internal static List<T> Dump<T>(NetlinkSocket socket, string action, Action<NetlinkWriter, uint> write, Collect<T> collect)
    {
        for (int attempt = 0; attempt < DumpAttempts; attempt++)
        {
            var writer = new NetlinkWriter();
            var list = new List<T>();
            uint sequence = socket.NextSequence();
            write(writer, sequence);
            if (socket.TryDump(writer, sequence, action, reader => collect(reader, list)))
            {
                return list;
            }
        }

        throw new SuiteException(ErrorKind.Unavailable, $"{action}: they changed {DumpAttempts} times while they were being read; try again");
    }

    internal static LinkFacts ReadLink(NetlinkReader message)
    {
        var attributes = message.Attributes(LinkHeaderBytes);
        int index = BinaryPrimitives.ReadInt32LittleEndian(message.Body[4..]);
        (string name, int master, string? kind, uint group) = ("", 0, null, 0);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case IFLA_IFNAME:
                    name = attributes.Text();
                    break;
                case IFLA_MASTER:
                    master = (int)attributes.UInt32();
                    break;
                case IFLA_GROUP:
                    group = attributes.UInt32();
                    break;
                case IFLA_LINKINFO:
                    var info = attributes.Nest();
                    while (info.Next())
                    {
                        kind = info.Type == IFLA_INFO_KIND ? info.Text() : kind;
                    }

                    break;
            }
        }

        bool isUp = (BinaryPrimitives.ReadUInt32LittleEndian(message.Body[8..]) & IFF_UP) != 0;
        return new LinkFacts(index, name, master, kind, isUp, group);
    }

    private static (IpSubnet Subnet, int Link)? ReadRoute(NetlinkReader message)
    {
        var attributes = message.Attributes(RouteHeaderBytes);
        var (family, prefix, table, type) = (message.Body[0], message.Body[1], message.Body[4], message.Body[7]);
        (IPAddress? destination, int link) = (null, 0);
        while (attributes.Next())
        {
            if (attributes.Type == RTA_DST)
            {
                destination = ReadAddress(attributes.Value, family);
            }
            else if (attributes.Type == RTA_OIF)
            {
                link = (int)attributes.UInt32();
            }
        }

        // A default route leads everywhere and so forbids nothing.
        return destination is not null && table == RT_TABLE_MAIN && type == RTN_UNICAST && prefix > 0 && prefix <= BitsOf(family)
            ? (IpSubnet.Of(destination, prefix), link)
            : null;
    }

    /// <summary>The address and link of an RTM_NEWADDR or RTM_DELADDR; null when it is of another family or has none.</summary>
    internal static (LinkAddress Address, int Link)? ReadAddress(NetlinkReader message)
    {
        var attributes = message.Attributes(AddressHeaderBytes);
        var (family, prefix) = (message.Body[0], message.Body[1]);
        int link = BinaryPrimitives.ReadInt32LittleEndian(message.Body[4..]);
        (IPAddress? local, IPAddress? address) = (null, null);
        while (attributes.Next())
        {
            if (attributes.Type == IFA_LOCAL)
            {
                local = ReadAddress(attributes.Value, family);
            }
            else if (attributes.Type == IFA_ADDRESS)
            {
                address = ReadAddress(attributes.Value, family);
            }
        }

        // IPv6 has IFA_LOCAL on point-to-point links only; where both are, IFA_ADDRESS is the other end.
        return (local ?? address) is { } known && prefix <= BitsOf(family) ? (new LinkAddress(known, prefix), link) : null;
    }

    private static int BitsOf(byte family) => family == AF_INET6 ? 128 : 32;

    private static IPAddress? ReadAddress(ReadOnlySpan<byte> bytes, byte family) => (family, bytes.Length) switch
    {
        (AF_INET, 4) or (AF_INET6, 16) => new IPAddress(bytes),
        (AF_INET, _) or (AF_INET6, _) => throw NetlinkReader.Malformed($"an address of {bytes.Length} bytes"),
        _ => null,
    };
}
