using System.Buffers.Binary;
using Suite.Network.Bridge.Netlink;
using static Suite.Network.Bridge.Firewall.NfTables;

namespace Suite.Network.Bridge.Firewall;

/// <summary>The frame of an nf_tables transaction: what is between its two marks happens all together or not at all.</summary>
internal static class NfTablesBatch
{
    public static uint Begin(NetlinkWriter writer, uint sequence)
    {
        writer.Message(NFNL_MSG_BATCH_BEGIN, NetlinkSocket.NLM_F_REQUEST, sequence, Header(NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES));
        return sequence;
    }

    public static void End(NetlinkWriter writer, uint sequence) =>
        writer.Message(NFNL_MSG_BATCH_END, NetlinkSocket.NLM_F_REQUEST, sequence, Header(NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES));

    /// <summary>Begins a message of nf_tables; our own tables' families are inet, both versions of IP, and bridge.</summary>
    public static void Table(this NetlinkWriter writer, ushort message, ushort flags, uint sequence, byte family = NFPROTO_INET) =>
        writer.Message((ushort)(NFNL_SUBSYS_NFTABLES << 8 | message), flags, sequence, Header(family, 0));

    /// <summary>struct nfgenmsg: family, version 0, and the resource, big-endian.</summary>
    private static byte[] Header(byte family, ushort resource)
    {
        byte[] header = [family, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), resource);
        return header;
    }
}
