using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Suite.Linux.Errors;

namespace Suite.Network.Bridge.Links;

/// <summary>A network of either family, for example 10.88.0.0/16 or fd53:1::/64.</summary>
public readonly record struct IpSubnet
{
    private IpSubnet(UInt128 first, int prefix, bool isIpv6) => (First, Prefix, IsIpv6) = (first, prefix, isIpv6);

    /// <summary>The network's own address as a number.</summary>
    public UInt128 First { get; }

    public int Prefix { get; }

    public bool IsIpv6 { get; }

    /// <summary>The highest address: of IPv4 the broadcast address.</summary>
    public UInt128 Last => First | ~Mask(Prefix, IsIpv6);

    /// <param name="text">CIDR; the address must be the network's own, so that a typing error is not taken for a wish.</param>
    public static IpSubnet Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out var address) || parts[0].Contains('%', StringComparison.Ordinal)
            || (address.AddressFamily == AddressFamily.InterNetwork && parts[0].Split('.').Length != 4)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int prefix) || !IsUsable(address, prefix))
        {
            throw new SuiteException(
                ErrorKind.InvalidArgument,
                $"\"{text}\" is not a subnet: write it like 10.88.0.0/16, with a prefix from 8 to 30, or like fd53:1::/64, with one from 16 to 126");
        }

        var subnet = Of(address, prefix);
        return Number(address) == subnet.First
            ? subnet
            : throw new SuiteException(ErrorKind.InvalidArgument, $"\"{text}\" has host bits set: the subnet is {subnet}");
    }

    /// <summary>The subnet that an address is in, with any prefix that its family has.</summary>
    public static IpSubnet Of(IPAddress address, int prefix)
    {
        bool isIpv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        return new IpSubnet(Number(address) & Mask(prefix, isIpv6), prefix, isIpv6);
    }

    public bool Contains(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 == IsIpv6 && (Number(address) & Mask(Prefix, IsIpv6)) == First;

    public bool Contains(IpSubnet other) => other.IsIpv6 == IsIpv6 && other.Prefix >= Prefix && (other.First & Mask(Prefix, IsIpv6)) == First;

    public bool Overlaps(IpSubnet other) => Contains(other) || other.Contains(this);

    /// <summary>The address so far behind the first.</summary>
    public IPAddress At(UInt128 offset) => ToAddress(First + offset);

    public IPAddress ToAddress(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(IsIpv6 ? bytes : bytes[12..]);
    }

    public static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        _ = address.TryWriteBytes(address.AddressFamily == AddressFamily.InterNetworkV6 ? bytes : bytes[12..], out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public override string ToString() => $"{ToAddress(First)}/{Prefix}";

    private static bool IsUsable(IPAddress address, int prefix) =>
        address.AddressFamily == AddressFamily.InterNetwork ? prefix is >= 8 and <= 30 : prefix is >= 16 and <= 126 && !address.IsIPv4MappedToIPv6;

    private static UInt128 Mask(int prefix, bool isIpv6)
    {
        int zeros = (isIpv6 ? 128 : 32) - prefix;
        return zeros >= 128 ? 0 : UInt128.MaxValue << zeros;
    }
}
