using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Firewall.NfTables;
using static Suite.Network.Bridge.Netlink.Rtnetlink;

namespace Suite.Network.Bridge.Firewall;

/// <summary>An accept for our bridges at the end of somebody else's chain, encoded as iptables' own tool would, so that it can still list it.</summary>
internal sealed record ForeignRule(ForeignChain Chain, string Mark, string Words, ImmutableArray<Expression> Expressions) : MessageStep
{
    private const ushort NLM_F_APPEND = 0x800;
    private const ushort NameServerPort = 53;

    public override Channel Channel => Channel.Firewall;

    public override string Text => $"add rule {FamilyName} {Chain.Table} {Chain.Name} {Words} comment \"{Mark}\"";

    private string FamilyName => Chain.Family switch { NFPROTO_IPV4 => "ip", NFPROTO_IPV6 => "ip6", _ => "inet" };

    public static string MarkOf(string instance, string what) => $"suite {instance} {what}";

    /// <summary>Our bridges are called INSTANCE and a number, so the name's beginning says which they are, those to come included.</summary>
    public static IEnumerable<ForeignRule> For(ForeignChain chain, string instance)
    {
        Clause from = new($"iifname \"{instance}*\"", [new LoadMeta(NFT_META_IIFNAME), new Compare(NFT_CMP_EQ, Encoding.ASCII.GetBytes(instance))]);
        Clause to = new($"oifname \"{instance}*\"", [new LoadMeta(NFT_META_OIFNAME), new Compare(NFT_CMP_EQ, Encoding.ASCII.GetBytes(instance))]);
        return chain.Hook == NF_INET_FORWARD
            ?
            [
                Of(chain, MarkOf(instance, "out"), from, Clause.Accept),
                Of(chain, MarkOf(instance, "known"), to, Clause.KnownConnection, Clause.Accept),
                Of(chain, MarkOf(instance, "published"), to, Clause.Published, Clause.Accept),
            ]
            :
            [
                Of(chain, MarkOf(instance, "names udp"), from, Names(17), Clause.Accept),
                Of(chain, MarkOf(instance, "names tcp"), from, Names(6), Clause.Accept),
            ];
    }

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        writer.Table(NFT_MSG_NEWRULE, (ushort)(flags | NLM_F_CREATE | NLM_F_APPEND), sequence, Chain.Family);
        writer.Put(NFTA_RULE_TABLE, Chain.Table);
        writer.Put(NFTA_RULE_CHAIN, Chain.Name);
        using (writer.Nest(NFTA_RULE_EXPRESSIONS))
        {
            foreach (var expression in Expressions)
            {
                expression.Write(writer);
            }
        }

        byte[] comment = [.. Encoding.UTF8.GetBytes(Mark), 0];
        writer.Put(NFTA_RULE_USERDATA, [0, (byte)comment.Length, .. comment]);
    }

    private static ForeignRule Of(ForeignChain chain, string mark, params ReadOnlySpan<Clause> clauses)
    {
        var words = new List<string>();
        var expressions = ImmutableArray.CreateBuilder<Expression>();
        foreach (var clause in clauses)
        {
            words.Add(clause.Words);
            expressions.AddRange(clause.Expressions);
        }

        return new ForeignRule(chain, mark, string.Join(' ', words), expressions.ToImmutable());
    }

    private static Clause Names(byte protocol)
    {
        byte[] port = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(port, NameServerPort);
        return new Clause(
            $"meta l4proto {protocol} th dport {NameServerPort}",
            [
                new LoadMeta(NFT_META_L4PROTO), new Compare(NFT_CMP_EQ, [protocol]),
                new LoadPayload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2), new Compare(NFT_CMP_EQ, port),
            ]);
    }
}

internal sealed record DeleteForeignRule(OwnRule Rule) : MessageStep
{
    public override Channel Channel => Channel.Firewall;

    public override string Text => $"delete rule {Rule.Chain.Table} {Rule.Chain.Name} handle {Rule.Handle}";

    public override void Write(NetlinkWriter writer, uint sequence, ushort flags, IPlaces places)
    {
        Span<byte> handle = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(handle, Rule.Handle);
        writer.Table(NFT_MSG_DELRULE, flags, sequence, Rule.Chain.Family);
        writer.Put(NFTA_RULE_TABLE, Rule.Chain.Table);
        writer.Put(NFTA_RULE_CHAIN, Rule.Chain.Name);
        writer.Put(NFTA_RULE_HANDLE, handle);
    }
}
