using System.Collections.Immutable;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Firewall.NfTables;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Firewall;

/// <summary>A rule at the end of a chain: its words for the reader, its instructions for the kernel.</summary>
internal sealed record AddRule(string Table, string Chain, string Words, ImmutableArray<Expression> Expressions, byte Family = NFPROTO_INET)
    : FirewallStep(Table, Family)
{
    private const ushort NLM_F_APPEND = 0x800;

    public override string Text => $"add rule {FullName} {Chain} {Words}";

    public static AddRule Of(string table, string chain, params ReadOnlySpan<Clause> clauses)
    {
        var words = new List<string>();
        var expressions = ImmutableArray.CreateBuilder<Expression>();
        foreach (var clause in clauses)
        {
            words.Add(clause.Words);
            expressions.AddRange(clause.Expressions);
        }

        return new AddRule(table, chain, string.Join(' ', words), expressions.ToImmutable());
    }

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Table(NFT_MSG_NEWRULE, (ushort)(flags | NLM_F_CREATE | NLM_F_APPEND), sequence, Family);
        writer.Put(NFTA_RULE_TABLE, Table);
        writer.Put(NFTA_RULE_CHAIN, Chain);
        using (writer.Nest(NFTA_RULE_EXPRESSIONS))
        {
            foreach (var expression in Expressions)
            {
                expression.Write(writer);
            }
        }
    }
}
