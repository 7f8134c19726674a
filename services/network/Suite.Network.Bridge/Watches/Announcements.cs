using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Netlink;
using static Suite.Network.Bridge.Firewall.NfTables;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Watches;

/// <summary>Reads one announcement of the kernel. Null: nothing that could have damaged us.</summary>
internal static class Announcements
{
    private const int NetfilterHeaderBytes = 4; // struct nfgenmsg

    public static KernelChange? OfLinks(NetlinkReader message)
    {
        switch (message.Type)
        {
            case RTM_DELLINK:
                return new KernelChange(KernelChangeKind.Link, LinkQueries.ReadLink(message).Name);
            case RTM_NEWLINK:
                // A bridge that was set down, or one of its ports that was taken off it.
                var link = LinkQueries.ReadLink(message);
                return link is { IsUp: false } or { Kind: "veth", Master: 0 } ? new KernelChange(KernelChangeKind.Link, link.Name) : null;
            case RTM_DELADDR:
                return LinkQueries.ReadAddress(message) is { } address ? new KernelChange(KernelChangeKind.Address, address.Address.Address.ToString()) : null;
            default:
                return null;
        }
    }

    public static KernelChange? OfRules(NetlinkReader message, string table, uint ownPort)
    {
        int kind = message.Type & 0xff;
        if (message.Type >> 8 != NFNL_SUBSYS_NFTABLES || message.Port == ownPort || kind == NFT_MSG_NEWGEN)
        {
            return null;
        }

        // In each of these messages attribute 1 is the table's name: NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, NFTA_RULE_TABLE …
        var attributes = message.Attributes(NetfilterHeaderBytes);
        while (attributes.Next())
        {
            if (attributes.Type == NFTA_TABLE_NAME)
            {
                return message.Body[0] is NFPROTO_INET or NFPROTO_BRIDGE && attributes.Text() == table ? new KernelChange(KernelChangeKind.Table)
                    : kind is NFT_MSG_NEWCHAIN or NFT_MSG_DELRULE ? new KernelChange(KernelChangeKind.ForeignChain)
                    : null;
            }
        }

        return null;
    }
}
