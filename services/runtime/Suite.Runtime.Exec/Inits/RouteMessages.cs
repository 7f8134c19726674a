using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Runtime.Exec.Inits;

/// <summary>The few messages of rtnetlink(7) that moving a device takes.</summary>
internal static class RouteMessages
{
    private const int BufferSize = 64 << 10;
    private const int HeaderSize = 16;

    // linux/netlink.h, linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h.
    private const ushort NLMSG_ERROR = 2, NLMSG_DONE = 3;
    private const ushort RTM_NEWLINK = 16, RTM_GETLINK = 18, RTM_NEWADDR = 20, RTM_GETADDR = 22;
    private const ushort NLM_F_REQUEST = 1, NLM_F_ACK = 4, NLM_F_DUMP = 0x300, NLM_F_CREATE = 0x400;
    private const ushort IFLA_IFNAME = 3, IFLA_NET_NS_FD = 28;
    private const ushort IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_BROADCAST = 4, IFA_FLAGS = 8, IFA_RT_PRIORITY = 9;
    private const uint IFA_F_PERMANENT = 0x80;
    private const uint IFF_UP = 1;

    // NODAD, HOMEADDRESS, MANAGETEMPADDR, NOPREFIXROUTE, MCAUTOJOIN: what somebody has asked for, not what came of it.
    private const uint GivenFlags = 0x2 | 0x10 | 0x100 | 0x200 | 0x400;

    public static SafeFileHandle Open() => NetlinkCalls.Open(NetlinkCalls.NETLINK_ROUTE, BufferSize);

    public static List<NetworkLink> Links(SafeFileHandle socket)
    {
        var links = new List<NetworkLink>();
        // struct ifinfomsg has 16 bytes: the index at 4, the flags at 8.
        Ask(socket, Message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, new byte[16]), "list the network devices", body => links.Add(new NetworkLink(
            BinaryPrimitives.ReadInt32LittleEndian(body[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
            Attributes(body[16..]).TryGetValue(IFLA_IFNAME, out var name) ? Encoding.UTF8.GetString(name).TrimEnd('\0') : "")));
        return links;
    }

    /// <summary>The permanent ones of global scope.</summary>
    public static List<LinkAddress> Addresses(SafeFileHandle socket, int index)
    {
        var addresses = new List<LinkAddress>();
        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        Ask(socket, Message(RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, new byte[8]), "list the addresses", body =>
        {
            var attributes = Attributes(body[8..]);
            var flags = attributes.TryGetValue(IFA_FLAGS, out var wide) ? BinaryPrimitives.ReadUInt32LittleEndian(wide) : body[2];
            if (BinaryPrimitives.ReadInt32LittleEndian(body[4..]) == index && body[3] == 0 && (flags & IFA_F_PERMANENT) != 0)
                addresses.Add(new LinkAddress(body[0], body[1], flags & GivenFlags, attributes));
        });
        return addresses;
    }

    public static void MoveLink(SafeFileHandle socket, int index, int network, string name, string what)
    {
        var body = Link(index, 0);
        body.AddRange(Attribute(IFLA_NET_NS_FD, BitConverter.GetBytes(network)));
        body.AddRange(Attribute(IFLA_IFNAME, [.. Encoding.UTF8.GetBytes(name), 0]));
        Ask(socket, Message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, [.. body]), what, _ => { });
    }

    public static void SetUp(SafeFileHandle socket, int index, string what) =>
        Ask(socket, Message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, [.. Link(index, IFF_UP)]), what, _ => { });

    public static void AddAddress(SafeFileHandle socket, int index, LinkAddress address, string what)
    {
        List<byte> body = [address.Family, address.PrefixLength, 0, 0, .. BitConverter.GetBytes(index)];
        foreach (var kind in (ReadOnlySpan<ushort>)[IFA_ADDRESS, IFA_LOCAL, IFA_BROADCAST, IFA_RT_PRIORITY])
        {
            if (address.Attributes.TryGetValue(kind, out var value))
                body.AddRange(Attribute(kind, value));
        }

        body.AddRange(Attribute(IFA_FLAGS, BitConverter.GetBytes(address.Flags | IFA_F_PERMANENT)));
        Ask(socket, Message(RTM_NEWADDR, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE, [.. body]), what, _ => { });
    }

    private static List<byte> Link(int index, uint flags) =>
        [0, 0, 0, 0, .. BitConverter.GetBytes(index), .. BitConverter.GetBytes(flags), .. BitConverter.GetBytes(flags)];

    private static byte[] Attribute(ushort kind, ReadOnlySpan<byte> value)
    {
        var attribute = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), kind);
        value.CopyTo(attribute.AsSpan(4));
        return attribute;
    }

    private static byte[] Message(ushort kind, int flags, ReadOnlySpan<byte> body)
    {
        var message = new byte[HeaderSize + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), kind);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)flags);
        body.CopyTo(message.AsSpan(HeaderSize));
        return message;
    }

    private static Dictionary<ushort, byte[]> Attributes(ReadOnlySpan<byte> bytes)
    {
        var attributes = new Dictionary<ushort, byte[]>();
        while (bytes.Length >= 4)
        {
            var length = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(bytes), 4, bytes.Length);
            // The two highest bits say of what form it is.
            attributes[(ushort)(BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) & 0x3fff)] = bytes[4..length].ToArray();
            bytes = bytes[Math.Min(bytes.Length, (length + 3) & ~3)..];
        }

        return attributes;
    }

    private delegate void Answer(ReadOnlySpan<byte> body);

    /// <summary>Sends a request and reads its answers to the last: the end of a list, or an acknowledgement.</summary>
    private static void Ask(SafeFileHandle socket, byte[] request, string what, Answer answer)
    {
        if (NetlinkCalls.Send(socket, request) is not 0 and var unsent)
            throw new ErrnoException(what, unsent);
        var buffer = new byte[BufferSize];
        while (true)
        {
            if (NetlinkCalls.Receive(socket, buffer, out var length) is not 0 and var error)
                throw new ErrnoException(what, error);
            for (ReadOnlySpan<byte> rest = buffer.AsSpan(0, length); rest.Length >= HeaderSize;)
            {
                var size = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(rest), HeaderSize, rest.Length);
                var kind = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
                var body = rest[HeaderSize..size];
                if (kind is NLMSG_ERROR or NLMSG_DONE)
                {
                    var code = kind == NLMSG_ERROR && body.Length >= 4 ? -BinaryPrimitives.ReadInt32LittleEndian(body) : 0;
                    if (code != 0)
                        throw new ErrnoException(what, code);
                    return;
                }

                answer(body);
                rest = rest[Math.Min(rest.Length, (size + 3) & ~3)..];
            }
        }
    }
}

internal sealed record NetworkLink(int Index, uint Flags, string Name);

/// <param name="Family">AF_INET or AF_INET6.</param>
internal sealed record LinkAddress(byte Family, byte PrefixLength, uint Flags, IReadOnlyDictionary<ushort, byte[]> Attributes)
{
    // IFA_LOCAL is the own end of a link between two, IFA_ADDRESS the other.
    public override string ToString() => $"{new IPAddress(Attributes.TryGetValue(2, out var own) ? own : Attributes[1])}/{PrefixLength}";
}
