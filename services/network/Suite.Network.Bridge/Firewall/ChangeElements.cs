using System.Collections.Immutable;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Firewall.NfTables;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Firewall;

/// <summary>Adds elements to one set in one message. An equal element that is there already is no error.</summary>
/// <param name="IfTable">A missing table is forgiven: see <see cref="DeleteElements"/>.</param>
internal sealed record AddElements(string Table, ImmutableArray<SetElement> Elements, bool IfTable = false) : FirewallStep(Table)
{
    /// <summary>An attribute's length is 16 bits; an element takes 80 bytes at most.</summary>
    public const int Most = 500;

    public override string Text => ElementMessage.Describe("add", Table, Elements);

    public override bool Forgives(int errno) => IfTable && errno == ErrnoNames.ENOENT;

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places) =>
        ElementMessage.Write(writer, NFT_MSG_NEWSETELEM, (ushort)(flags | NLM_F_CREATE), sequence, Table, Elements);
}

/// <summary>
/// Removes elements of one set. Removing one that is not there fails the transaction (DESTROYSETELEM came with Linux 6.3), so
/// a plan adds them first: then they are there, whatever was before. A missing table is forgiven, for it holds no element.
/// </summary>
internal sealed record DeleteElements(string Table, ImmutableArray<SetElement> Elements) : FirewallStep(Table)
{
    public override string Text => ElementMessage.Describe("delete", Table, Elements);

    public override bool Forgives(int errno) => errno == ErrnoNames.ENOENT;

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places) =>
        ElementMessage.Write(writer, NFT_MSG_DELSETELEM, flags, sequence, Table, Elements);
}

internal static class ElementMessage
{
    public static string Describe(string verb, string table, ImmutableArray<SetElement> elements) =>
        $"{verb} element inet {table} {elements[0].Set} {{ {string.Join(", ", elements.Select(e => e.Text))} }}";

    public static void Write(NetlinkWriter writer, ushort message, ushort flags, uint sequence, string table, ImmutableArray<SetElement> elements)
    {
        writer.Table(message, flags, sequence);
        writer.Put(NFTA_SET_ELEM_LIST_TABLE, table);
        writer.Put(NFTA_SET_ELEM_LIST_SET, elements[0].Set);
        using (writer.Nest(NFTA_SET_ELEM_LIST_ELEMENTS))
        {
            foreach (var entry in elements.SelectMany(e => e.Entries))
            {
                using (writer.Nest(NFTA_LIST_ELEM))
                {
                    WriteEntry(writer, entry);
                }
            }
        }
    }

    private static void WriteEntry(NetlinkWriter writer, SetElement.Entry entry)
    {
        using (writer.Nest(NFTA_SET_ELEM_KEY))
        {
            writer.Put(NFTA_DATA_VALUE, entry.Key);
        }

        if (entry.Data is not null)
        {
            using (writer.Nest(NFTA_SET_ELEM_DATA))
            {
                writer.Put(NFTA_DATA_VALUE, entry.Data);
            }
        }

        if (entry.Flags != 0)
        {
            writer.PutBigEndian(NFTA_SET_ELEM_FLAGS, entry.Flags);
        }
    }
}
