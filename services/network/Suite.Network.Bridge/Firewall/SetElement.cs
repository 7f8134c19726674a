using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Bridge.Firewall;

/// <summary>An element of one of our sets: how it is printed, and the keys (with data, in a map) that the kernel stores.</summary>
internal sealed record SetElement(string Set, string Text, ImmutableArray<SetElement.Entry> Entries)
{
    internal readonly record struct Entry(byte[] Key, byte[]? Data = null, uint Flags = 0);

    public static SetElement Interface(string set, string name) => new(set, $"\"{name}\"", [new Entry(Name(name))]);

    /// <summary>From a bridge to itself: what is between two ports of it, on hosts that filter bridged traffic.</summary>
    public static SetElement Within(string name) => new(Ruleset.Within, $"\"{name}\" . \"{name}\"", [new Entry([.. Name(name), .. Name(name)])]);

    /// <summary>An interval set stores where an interval starts and where the next gap starts.</summary>
    public static SetElement Subnet(IpSubnet subnet) => new(
        subnet.IsIpv6 ? Ruleset.Masqueraded6 : Ruleset.Masqueraded,
        subnet.ToString(),
        [
            new Entry(subnet.At(0).GetAddressBytes()),
            new Entry(subnet.ToAddress(unchecked(subnet.Last + 1)).GetAddressBytes(), Flags: NfTables.NFT_SET_ELEM_INTERVAL_END),
        ]);

    public static SetElement Port(PublishedPort port)
    {
        bool isIpv6 = port.ContainerAddress.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] service = [(byte)port.Protocol, 0, 0, 0, .. BigEndian(port.HostPort), 0, 0];
        byte[] target = [.. port.ContainerAddress.GetAddressBytes(), .. BigEndian(port.ContainerPort), 0, 0];
        string protocol = port.Protocol.ToString().ToLowerInvariant();
        string to = $"{port.ContainerAddress} . {port.ContainerPort}";
        return port.IsOnAllAddresses
            ? new SetElement(isIpv6 ? Ruleset.HostPorts6 : Ruleset.HostPorts, $"{protocol} . {port.HostPort} : {to}", [new Entry(service, target)])
            : new SetElement(
                isIpv6 ? Ruleset.HostAddressPorts6 : Ruleset.HostAddressPorts,
                $"{port.HostAddress} . {protocol} . {port.HostPort} : {to}",
                [new Entry([.. port.HostAddress.GetAddressBytes(), .. service], target)]);
    }

    private static byte[] Name(string name)
    {
        var key = new byte[16]; // IFNAMSIZ
        Encoding.ASCII.GetBytes(name, key);
        return key;
    }

    private static byte[] BigEndian(ushort value) => [(byte)(value >> 8), (byte)value];
}
