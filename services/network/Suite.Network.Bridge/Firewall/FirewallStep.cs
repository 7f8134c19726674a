using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Firewall.NfTables;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Firewall;

/// <summary>A change of our own table, printed in the words of nft(8).</summary>
/// <param name="Family">inet, both versions of IP, or bridge.</param>
internal abstract record FirewallStep(string Table, byte Family = NFPROTO_INET) : MessageStep
{
    public sealed override Channel Channel => Channel.Firewall;

    protected string FullName => $"{(Family == NFPROTO_BRIDGE ? "bridge" : "inet")} {Table}";
}

internal sealed record AddTable(string Table, byte Family = NFPROTO_INET) : FirewallStep(Table, Family)
{
    public override string Text => $"add table {FullName}";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Table(NFT_MSG_NEWTABLE, (ushort)(flags | NLM_F_CREATE), sequence, Family);
        writer.Put(NFTA_TABLE_NAME, Table);
    }
}

internal sealed record DeleteTable(string Table, byte Family = NFPROTO_INET) : FirewallStep(Table, Family)
{
    public override string Text => $"delete table {FullName}";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Table(NFT_MSG_DELTABLE, flags, sequence, Family);
        writer.Put(NFTA_TABLE_NAME, Table);
    }
}

/// <summary>A chain that only others jump to.</summary>
internal sealed record AddChain(string Table, string Name) : FirewallStep(Table)
{
    public override string Text => $"add chain {FullName} {Name}";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Table(NFT_MSG_NEWCHAIN, (ushort)(flags | NLM_F_CREATE), sequence, Family);
        writer.Put(NFTA_CHAIN_TABLE, Table);
        writer.Put(NFTA_CHAIN_NAME, Name);
    }
}

/// <summary>A chain that the kernel's packet path calls. Its policy is accept: what is not ours passes untouched.</summary>
internal sealed record AddBaseChain(string Table, string Name, string Type, uint Hook, int Priority, byte Family = NFPROTO_INET)
    : FirewallStep(Table, Family)
{
    public override string Text => $"add chain {FullName} {Name} {{ type {Type} hook {HookName} priority {Priority}; policy accept; }}";

    private string HookName => Hook switch
    {
        NF_INET_PRE_ROUTING => "prerouting",
        NF_INET_FORWARD => "forward",
        NF_INET_LOCAL_OUT => "output",
        _ => "postrouting",
    };

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Table(NFT_MSG_NEWCHAIN, (ushort)(flags | NLM_F_CREATE), sequence, Family);
        writer.Put(NFTA_CHAIN_TABLE, Table);
        writer.Put(NFTA_CHAIN_NAME, Name);
        writer.Put(NFTA_CHAIN_TYPE, Type);
        using (writer.Nest(NFTA_CHAIN_HOOK))
        {
            writer.PutBigEndian(NFTA_HOOK_HOOKNUM, Hook);
            writer.PutBigEndian(NFTA_HOOK_PRIORITY, unchecked((uint)Priority));
        }
    }
}
