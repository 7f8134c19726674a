using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Suite.Linux.Errors;

namespace Suite.Network.Bridge.Links;

/// <summary>An IPv4 network, for example 10.88.0.0/16.</summary>
public readonly record struct Ipv4Subnet
{
    private Ipv4Subnet(uint first, int prefix)
    {
        First = first;
        Prefix = prefix;
    }

    /// <summary>The network's own address as a number, host byte order.</summary>
    public uint First { get; }

    public int Prefix { get; }

    /// <summary>The broadcast address.</summary>
    public uint Last => First | ~Mask(Prefix);

    /// <param name="text">CIDR; the address must be the network's own, so that a typing error is not taken for a wish.</param>
    public static Ipv4Subnet Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out var address) || address.AddressFamily != AddressFamily.InterNetwork
            || parts[0].Split('.').Length != 4
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int prefix) || prefix is < 8 or > 30)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"\"{text}\" is not an IPv4 subnet: write it like 10.88.0.0/16, with a prefix from 8 to 30");
        }

        uint first = ToNumber(address);
        return (first & ~Mask(prefix)) == 0
            ? new Ipv4Subnet(first, prefix)
            : throw new SuiteException(ErrorKind.InvalidArgument, $"\"{text}\" has host bits set: the subnet is {ToAddress(first & Mask(prefix))}/{prefix}");
    }

    /// <summary>The subnet that a link's address and prefix length are in, /0 to /32.</summary>
    public static Ipv4Subnet Of(uint address, int prefix) => new(address & Mask(prefix), prefix);

    public bool Contains(uint address) => (address & Mask(Prefix)) == First;

    public bool Contains(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork && Contains(ToNumber(address));

    public bool Contains(Ipv4Subnet other) => other.Prefix >= Prefix && Contains(other.First);

    public bool Overlaps(Ipv4Subnet other) => Contains(other.First) || other.Contains(First);

    public override string ToString() => $"{ToAddress(First)}/{Prefix}";

    public static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return address.TryWriteBytes(bytes, out int written) && written == 4
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : throw new SuiteException(ErrorKind.InvalidArgument, $"{address} is not an IPv4 address");
    }

    public static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    private static uint Mask(int prefix) => prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
}
