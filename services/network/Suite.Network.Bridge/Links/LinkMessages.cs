using System.Buffers.Binary;
using Suite.Network.Bridge.Netlink;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Links;

/// <summary>The fixed headers of rtnetlink messages.</summary>
internal static class LinkMessages
{
    /// <summary>Begins a message with struct ifinfomsg. Index 0 leaves it to IFLA_IFNAME to say which link is meant.</summary>
    public static void Link(this NetlinkWriter writer, ushort type, ushort flags, uint sequence, bool? up = null)
    {
        Span<byte> header = stackalloc byte[LinkHeaderBytes];
        WriteLinkHeader(header, up);
        writer.Message(type, flags, sequence, header);
    }

    public static void WriteLinkHeader(Span<byte> header, bool? up)
    {
        header.Clear();
        if (up is { } wanted)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], wanted ? IFF_UP : 0); // ifi_flags
            BinaryPrimitives.WriteUInt32LittleEndian(header[12..], IFF_UP); // ifi_change
        }
    }

    /// <summary>Begins a message with struct ifaddrmsg.</summary>
    public static void Address(this NetlinkWriter writer, ushort type, ushort flags, uint sequence, byte family, int prefix, int index)
    {
        Span<byte> header = stackalloc byte[AddressHeaderBytes];
        header.Clear();
        header[0] = family;
        header[1] = (byte)prefix;
        header[3] = RT_SCOPE_UNIVERSE;
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index);
        writer.Message(type, flags, sequence, header);
    }

    /// <summary>Begins a message with struct rtmsg for a route of the main table.</summary>
    public static void Route(this NetlinkWriter writer, ushort type, ushort flags, uint sequence, byte family, int destinationPrefix)
    {
        Span<byte> header = stackalloc byte[RouteHeaderBytes];
        header.Clear();
        header[0] = family;
        header[1] = (byte)destinationPrefix;
        header[4] = RT_TABLE_MAIN;
        header[5] = RTPROT_STATIC;
        header[6] = RT_SCOPE_UNIVERSE;
        header[7] = RTN_UNICAST;
        writer.Message(type, flags, sequence, header);
    }
}
