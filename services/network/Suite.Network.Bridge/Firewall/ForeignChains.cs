using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using static Suite.Network.Bridge.Firewall.NfTables;

namespace Suite.Network.Bridge.Firewall;

/// <summary>A base chain of somebody else's.</summary>
internal sealed record ForeignChain(byte Family, string Table, string Name, uint Hook);

/// <summary>A rule of ours in such a chain.</summary>
internal sealed record OwnRule(ForeignChain Chain, ulong Handle, string Mark);

/// <summary>
/// A host that drops what it forwards, or what comes in, unless a rule of its own says otherwise (Docker, ufw, many administrators)
/// would drop our sandboxes' packets: an accept in our own table cannot undo that. So where such a chain's policy is drop, we append
/// accepts for our bridges to it. At its end: every rule of its owner is asked first and has the last word. Each of our rules is
/// marked by a comment, by which it is found again.
/// </summary>
internal static class ForeignChains
{
    private const ushort DumpFlags = NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_DUMP;
    private const int HeaderBytes = 4; // struct nfgenmsg

    /// <summary>What to add, to let the bridges of <paramref name="instance"/> pass everywhere. Empty when nothing is missing.</summary>
    public static ImmutableArray<Step> Open(NetlinkSocket socket, string instance)
    {
        var chains = Chains(socket, instance);
        var there = OwnRules(socket, instance, chains).Select(rule => (rule.Chain, rule.Mark)).ToHashSet();
        return
        [
            .. from chain in chains
               from rule in ForeignRule.For(chain, instance)
               where !there.Contains((chain, rule.Mark))
               select rule,
        ];
    }

    /// <summary>What to remove, to leave nothing of ours in others' chains.</summary>
    public static ImmutableArray<Step> Close(NetlinkSocket socket, string instance) =>
        [.. OwnRules(socket, instance, Chains(socket, instance)).Select(rule => new DeleteForeignRule(rule))];

    private static List<ForeignChain> Chains(NetlinkSocket socket, string instance) => LinkQueries.Dump<ForeignChain>(
        socket,
        "list the chains of the firewall",
        (writer, sequence) => writer.Table(NFT_MSG_GETCHAIN, DumpFlags, sequence, NFPROTO_UNSPEC),
        (message, list) =>
        {
            if (message.Type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN) && ReadChain(message) is { } chain && chain.Table != instance)
            {
                list.Add(chain);
            }
        });

    private static List<OwnRule> OwnRules(NetlinkSocket socket, string instance, IEnumerable<ForeignChain> chains) =>
    [
        .. chains.SelectMany(chain => LinkQueries.Dump<OwnRule>(
            socket,
            $"list the rules of {chain.Table} {chain.Name}",
            (writer, sequence) =>
            {
                writer.Table(NFT_MSG_GETRULE, DumpFlags, sequence, chain.Family);
                writer.Put(NFTA_RULE_TABLE, chain.Table);
                writer.Put(NFTA_RULE_CHAIN, chain.Name);
            },
            (message, list) =>
            {
                if (message.Type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE) && ReadRule(message, chain) is { } rule
                    && rule.Mark.StartsWith(ForeignRule.MarkOf(instance, ""), StringComparison.Ordinal))
                {
                    list.Add(rule);
                }
            })),
    ];

    /// <summary>The chain, when it is a base chain that drops by policy what it forwards or takes in.</summary>
    internal static ForeignChain? ReadChain(NetlinkReader message)
    {
        var attributes = message.Attributes(HeaderBytes);
        byte family = message.Body[0];
        (string table, string name, uint? hook, int policy) = ("", "", null, NF_ACCEPT);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NFTA_CHAIN_TABLE:
                    table = attributes.Text();
                    break;
                case NFTA_CHAIN_NAME:
                    name = attributes.Text();
                    break;
                case NFTA_CHAIN_POLICY:
                    policy = (int)BinaryPrimitives.ReverseEndianness(attributes.UInt32());
                    break;
                case NFTA_CHAIN_HOOK:
                    var parts = attributes.Nest();
                    while (parts.Next())
                    {
                        hook = parts.Type == NFTA_HOOK_HOOKNUM ? BinaryPrimitives.ReverseEndianness(parts.UInt32()) : hook;
                    }

                    break;
            }
        }

        return family is NFPROTO_INET or NFPROTO_IPV4 or NFPROTO_IPV6 && policy == NF_DROP && hook is NF_INET_FORWARD or NF_INET_LOCAL_IN
            ? new ForeignChain(family, table, name, hook.Value)
            : null;
    }

    internal static OwnRule? ReadRule(NetlinkReader message, ForeignChain chain)
    {
        var attributes = message.Attributes(HeaderBytes);
        (ulong handle, string? mark) = (0, null);
        while (attributes.Next())
        {
            if (attributes.Type == NFTA_RULE_HANDLE && attributes.Value.Length == 8)
            {
                handle = BinaryPrimitives.ReadUInt64BigEndian(attributes.Value);
            }
            else if (attributes.Type == NFTA_RULE_USERDATA)
            {
                mark = ReadComment(attributes.Value);
            }
        }

        return mark is null ? null : new OwnRule(chain, handle, mark);
    }

    /// <summary>User data are one-byte types and lengths, as nft(8) and iptables write them; type 0 is the comment.</summary>
    private static string? ReadComment(ReadOnlySpan<byte> data)
    {
        while (data.Length >= 2 && data.Length - 2 >= data[1])
        {
            if (data[0] == 0)
            {
                return Encoding.UTF8.GetString(data.Slice(2, data[1])).TrimEnd('\0');
            }

            data = data[(2 + data[1])..];
        }

        return null;
    }
}
