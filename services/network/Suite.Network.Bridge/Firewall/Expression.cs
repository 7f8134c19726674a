using Suite.Network.Bridge.Netlink;
using static Suite.Network.Bridge.Firewall.NfTables;

namespace Suite.Network.Bridge.Firewall;

/// <summary>One instruction of the nf_tables machine. A rule runs its instructions in order until one does not match.</summary>
internal abstract record Expression(string Name)
{
    public abstract void WriteData(NetlinkWriter writer);

    public void Write(NetlinkWriter writer)
    {
        using (writer.Nest(NFTA_LIST_ELEM))
        {
            writer.Put(NFTA_EXPR_NAME, Name);
            using (writer.Nest(NFTA_EXPR_DATA))
            {
                WriteData(writer);
            }
        }
    }
}

/// <summary>Loads something known of the packet: a link's name, a protocol.</summary>
internal sealed record LoadMeta(uint Key, uint Register = NFT_REG_1) : Expression("meta")
{
    public override void WriteData(NetlinkWriter writer)
    {
        writer.PutBigEndian(NFTA_META_KEY, Key);
        writer.PutBigEndian(NFTA_META_DREG, Register);
    }
}

/// <summary>Loads bytes of a header.</summary>
internal sealed record LoadPayload(uint Base, uint Offset, uint Length, uint Register = NFT_REG_1) : Expression("payload")
{
    public override void WriteData(NetlinkWriter writer)
    {
        writer.PutBigEndian(NFTA_PAYLOAD_DREG, Register);
        writer.PutBigEndian(NFTA_PAYLOAD_BASE, Base);
        writer.PutBigEndian(NFTA_PAYLOAD_OFFSET, Offset);
        writer.PutBigEndian(NFTA_PAYLOAD_LEN, Length);
    }
}

/// <summary>Loads what connection tracking knows. The value is in the host's byte order.</summary>
internal sealed record LoadConnection(uint Key) : Expression("ct")
{
    public override void WriteData(NetlinkWriter writer)
    {
        writer.PutBigEndian(NFTA_CT_KEY, Key);
        writer.PutBigEndian(NFTA_CT_DREG, NFT_REG_1);
    }
}

/// <summary>Loads the kind of the destination: RTN_LOCAL when it is an address of this host.</summary>
internal sealed record LoadDestinationType() : Expression("fib")
{
    public override void WriteData(NetlinkWriter writer)
    {
        writer.PutBigEndian(NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR);
        writer.PutBigEndian(NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE);
        writer.PutBigEndian(NFTA_FIB_DREG, NFT_REG_1);
    }
}

/// <summary>Keeps some bits of a 4-byte register.</summary>
internal sealed record Mask(uint Bits) : Expression("bitwise")
{
    public override void WriteData(NetlinkWriter writer)
    {
        writer.PutBigEndian(NFTA_BITWISE_SREG, NFT_REG_1);
        writer.PutBigEndian(NFTA_BITWISE_DREG, NFT_REG_1);
        writer.PutBigEndian(NFTA_BITWISE_LEN, 4);
        using (writer.Nest(NFTA_BITWISE_MASK))
        {
            writer.Put(NFTA_DATA_VALUE, Bits);
        }

        using (writer.Nest(NFTA_BITWISE_XOR))
        {
            writer.Put(NFTA_DATA_VALUE, 0u);
        }
    }
}

internal sealed record Compare(uint Operator, byte[] Value) : Expression("cmp")
{
    public override void WriteData(NetlinkWriter writer)
    {
        writer.PutBigEndian(NFTA_CMP_SREG, NFT_REG_1);
        writer.PutBigEndian(NFTA_CMP_OP, Operator);
        using (writer.Nest(NFTA_CMP_DATA))
        {
            writer.Put(NFTA_DATA_VALUE, Value);
        }
    }
}

/// <summary>Looks the registers up in a set; in a map, loads what is found there.</summary>
internal sealed record Lookup(string Set, bool Inverted = false, bool Map = false) : Expression("lookup")
{
    public override void WriteData(NetlinkWriter writer)
    {
        writer.Put(NFTA_LOOKUP_SET, Set);
        writer.PutBigEndian(NFTA_LOOKUP_SREG, NFT_REG_1);
        if (Map)
        {
            writer.PutBigEndian(NFTA_LOOKUP_DREG, NFT_REG_1);
        }

        if (Inverted)
        {
            writer.PutBigEndian(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
        }
    }
}

/// <summary>Sends the packet to the address in register 1 and the port in the word behind it.</summary>
internal sealed record DestinationNat(bool IsIpv6) : Expression("nat")
{
    public override void WriteData(NetlinkWriter writer)
    {
        writer.PutBigEndian(NFTA_NAT_TYPE, NFT_NAT_DNAT);
        writer.PutBigEndian(NFTA_NAT_FAMILY, IsIpv6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
        writer.PutBigEndian(NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
        writer.PutBigEndian(NFTA_NAT_REG_PROTO_MIN, IsIpv6 ? NFT_REG_2 : NFT_REG32_01);
    }
}

internal sealed record Masquerade() : Expression("masq")
{
    public override void WriteData(NetlinkWriter writer)
    {
    }
}

internal sealed record Verdict(int Code, string? Chain = null) : Expression("immediate")
{
    public override void WriteData(NetlinkWriter writer)
    {
        writer.PutBigEndian(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
        using (writer.Nest(NFTA_IMMEDIATE_DATA))
        using (writer.Nest(NFTA_DATA_VERDICT))
        {
            writer.PutBigEndian(NFTA_VERDICT_CODE, unchecked((uint)Code));
            if (Chain is not null)
            {
                writer.Put(NFTA_VERDICT_CHAIN, Chain);
            }
        }
    }
}
