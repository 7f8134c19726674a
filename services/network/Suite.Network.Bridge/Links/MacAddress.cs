using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using Suite.Linux.Errors;

namespace Suite.Network.Bridge.Links;

/// <summary>The hardware address of a link.</summary>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>
    /// The address that goes with an IP address: locally administered, 02:53, then the four bytes of IPv4, or four of a hash of
    /// IPv6. A neighbour that still remembers who had the IP address is then right about the hardware address too.
    /// </summary>
    public static MacAddress For(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        byte[] tail = address.AddressFamily == AddressFamily.InterNetwork ? bytes : SHA256.HashData(bytes)[..4];
        return new MacAddress(tail.Aggregate(0x0253UL, (value, b) => value << 8 | b));
    }

    public static MacAddress Parse(string text)
    {
        if (PhysicalAddress.TryParse(text.Replace(':', '-'), out var parsed) && parsed.GetAddressBytes() is { Length: 6 } bytes
            && (bytes[0] & 1) == 0 && bytes.Any(b => b != 0))
        {
            return new MacAddress(bytes.Aggregate(0UL, (value, b) => value << 8 | b));
        }

        throw new SuiteException(ErrorKind.InvalidArgument, $"\"{text}\" is not a MAC address of one link: write it like 02:53:0a:58:00:02, its first number even");
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[6];
        for (int i = 0; i < 6; i++)
        {
            bytes[i] = (byte)(Value >> (40 - (8 * i)));
        }

        return bytes;
    }

    public override string ToString() => string.Join(':', ToBytes().Select(b => b.ToString("x2")));
}
