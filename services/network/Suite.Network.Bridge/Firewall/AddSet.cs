using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Firewall.NfTables;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Firewall;

internal sealed record AddSet(string Table, string Name, SetKind Kind, uint Id) : FirewallStep(Table)
{
    public override string Text => $"add {(Kind.DataBytes > 0 ? "map" : "set")} inet {Table} {Name} {{ {Kind.Text}; }}";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Table(NFT_MSG_NEWSET, (ushort)(flags | NLM_F_CREATE), sequence);
        writer.Put(NFTA_SET_TABLE, Table);
        writer.Put(NFTA_SET_NAME, Name);
        writer.PutBigEndian(NFTA_SET_FLAGS, Kind.Flags);
        writer.PutBigEndian(NFTA_SET_KEY_TYPE, Kind.KeyType);
        writer.PutBigEndian(NFTA_SET_KEY_LEN, Kind.KeyBytes);
        if (Kind.DataBytes > 0)
        {
            writer.PutBigEndian(NFTA_SET_DATA_TYPE, Kind.DataType);
            writer.PutBigEndian(NFTA_SET_DATA_LEN, Kind.DataBytes);
        }

        // The kernel wants an id, unique within the transaction, even when nothing refers to it.
        writer.PutBigEndian(NFTA_SET_ID, Id);
        if (Kind == SetKind.Interfaces)
        {
            // For nft(8) alone: its own note that the key is in the host's byte order, without which it lists names as "".
            // A concatenation has a note of each part, which it does without.
            writer.Put(NFTA_SET_USERDATA, [0, 4, 1, 0, 0, 0]);
        }
    }
}
