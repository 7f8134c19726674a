using System.Net;
using System.Text;

namespace Suite.Network.Names;

/// <summary>Names on the wire: labels of at most 63 bytes, 255 together, with pointers to earlier ones (RFC 1035, 4.1.4).</summary>
internal static class DnsName
{
    private const int LongestName = 255;
    private const int LongestLabel = 63;
    private const string Reverse4 = ".in-addr.arpa";
    private const string Reverse6 = ".ip6.arpa";

    /// <summary>Reads the name at <paramref name="position"/> and moves behind it.</summary>
    /// <returns>In lower case, without the last dot; null when it is malformed. Bytes that no host name has become "?".</returns>
    public static string? Read(ReadOnlySpan<byte> message, ref int position)
    {
        var name = new StringBuilder();
        int at = position;
        bool followed = false;
        int wire = 1;
        while (true)
        {
            if (at >= message.Length)
            {
                return null;
            }

            int length = message[at];
            if (length == 0)
            {
                position = followed ? position : at + 1;
                return name.ToString();
            }

            if ((length & 0xc0) == 0xc0)
            {
                if (at + 1 >= message.Length)
                {
                    return null;
                }

                int target = (length & 0x3f) << 8 | message[at + 1];
                if (target >= at)
                {
                    return null; // only backwards, so it ends
                }

                position = followed ? position : at + 2;
                followed = true;
                at = target;
                continue;
            }

            wire += length + 1;
            if (length > LongestLabel || wire > LongestName || at + 1 + length > message.Length)
            {
                return null;
            }

            if (name.Length > 0)
            {
                name.Append('.');
            }

            foreach (byte b in message.Slice(at + 1, length))
            {
                name.Append(b is > (byte)' ' and < 0x7f and not (byte)'.' ? char.ToLowerInvariant((char)b) : '?');
            }

            at += 1 + length;
        }
    }

    /// <summary>The labels of a name, and the zero at its end. The name is one of ours, and short.</summary>
    public static byte[] Write(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    /// <summary>Whether a name can be asked for: labels of letters, digits, _ and -, none too long.</summary>
    public static bool IsUsable(string name) => name.Length is > 0 and < 200
        && name.Split('.').All(label => label.Length is > 0 and <= LongestLabel && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    /// <summary>The address that a name below in-addr.arpa or ip6.arpa stands for; null for any other name.</summary>
    public static IPAddress? ReverseAddress(string name)
    {
        if (name.EndsWith(Reverse4, StringComparison.Ordinal))
        {
            string[] numbers = name[..^Reverse4.Length].Split('.');
            return numbers.Length == 4 && numbers.All(number => byte.TryParse(number, out _)) ? new IPAddress([.. numbers.Reverse().Select(byte.Parse)]) : null;
        }

        if (name.EndsWith(Reverse6, StringComparison.Ordinal))
        {
            string[] digits = name[..^Reverse6.Length].Split('.');
            return digits.Length == 32 && digits.All(digit => digit.Length == 1 && char.IsAsciiHexDigit(digit[0]))
                ? new IPAddress(Convert.FromHexString(string.Concat(digits.Reverse())))
                : null;
        }

        return null;
    }
}
