using System.Buffers.Binary;
using System.Text;
using Suite.Linux.Errors;
using static Tmds.Linux.LibC;

namespace Suite.Testing.Leaks;

/// <summary>nftables tables of the instance, asked of the kernel itself: a test must not trust the code under test, and `nft` may be absent.</summary>
internal static class TableTraces
{
    private const int NetlinkNetfilter = 12; // linux/netlink.h
    private const ushort GetTable = (10 << 8) | 1; // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETTABLE (linux/netfilter/nf_tables.h)
    private const ushort Dump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
    private const ushort Error = 2; // NLMSG_ERROR
    private const ushort Done = 3; // NLMSG_DONE
    private const int Headers = 16 + 4; // nlmsghdr and nfgenmsg

    public static IEnumerable<string> Of(string instance) =>
        Tables().Where(table => Traces.Names(table.Name, instance)).Select(table => $"nftables table {Family(table.Family)} {table.Name}");

    private static unsafe List<(byte Family, string Name)> Tables()
    {
        var tables = new List<(byte, string)>();
        var netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NetlinkNetfilter);
        if (netlink < 0)
            throw new ErrnoException("open a netlink socket to list nftables tables", errno);
        try
        {
            Span<byte> request = stackalloc byte[Headers];
            request.Clear();
            BinaryPrimitives.WriteInt32LittleEndian(request, Headers);
            BinaryPrimitives.WriteUInt16LittleEndian(request[4..], GetTable);
            BinaryPrimitives.WriteUInt16LittleEndian(request[6..], Dump);
            fixed (byte* start = request)
            {
                if (send(netlink, start, Headers, 0) < 0)
                    throw new ErrnoException("ask for the nftables tables", errno);
            }

            var buffer = new byte[64 * 1024];
            while (true)
            {
                int length;
                fixed (byte* start = buffer)
                    length = (int)recv(netlink, start, buffer.Length, 0);
                // Root of a user namespace without the right sees none, and has none.
                if (length < 0 || !Read(buffer.AsSpan(0, length), tables))
                    return tables;
            }
        }
        finally
        {
            close(netlink);
        }
    }

    /// <summary>Adds the tables of one datagram; false when it was the last.</summary>
    private static bool Read(ReadOnlySpan<byte> messages, List<(byte, string)> tables)
    {
        while (messages.Length >= 16)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(messages);
            var type = BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]);
            if (type is Done or Error || length < 16 || length > messages.Length)
                return false;
            if (length > Headers && Name(messages[Headers..length]) is { } name)
                tables.Add((messages[16], name));
            messages = messages[Math.Min(messages.Length, (length + 3) & ~3)..];
        }

        return true;
    }

    private static string? Name(ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < 4 || length > attributes.Length)
                return null;
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == 1) // NFTA_TABLE_NAME
                return Encoding.ASCII.GetString(attributes[4..length]).TrimEnd('\0');
            attributes = attributes[Math.Min(attributes.Length, (length + 3) & ~3)..];
        }

        return null;
    }

    private static string Family(byte family) => family switch { 1 => "inet", 2 => "ip", 5 => "netdev", 7 => "bridge", 10 => "ip6", _ => $"{family}" };
}
