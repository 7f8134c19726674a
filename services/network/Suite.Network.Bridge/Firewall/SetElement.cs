using System.Collections.Immutable;
using System.Text;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Bridge.Firewall;

/// <summary>An element of one of our sets: how it is printed, and the keys (with data, in a map) that the kernel stores.</summary>
internal sealed record SetElement(string Set, string Text, ImmutableArray<SetElement.Entry> Entries)
{
    internal readonly record struct Entry(byte[] Key, byte[]? Data = null, uint Flags = 0);

    public static SetElement Interface(string name)
    {
        var key = new byte[16]; // IFNAMSIZ
        Encoding.ASCII.GetBytes(name, key);
        return new SetElement(Ruleset.Bridges, $"\"{name}\"", [new Entry(key)]);
    }

    /// <summary>An interval set stores where an interval starts and where the next gap starts.</summary>
    public static SetElement Subnet(Ipv4Subnet subnet) => new(
        Ruleset.Masqueraded,
        subnet.ToString(),
        [
            new Entry(Ipv4Subnet.ToAddress(subnet.First).GetAddressBytes()),
            new Entry(Ipv4Subnet.ToAddress(unchecked(subnet.Last + 1)).GetAddressBytes(), Flags: NfTables.NFT_SET_ELEM_INTERVAL_END),
        ]);

    public static SetElement Port(PublishedPort port)
    {
        byte[] service = [(byte)port.Protocol, 0, 0, 0, .. BigEndian(port.HostPort), 0, 0];
        byte[] target = [.. port.ContainerAddress.GetAddressBytes(), .. BigEndian(port.ContainerPort), 0, 0];
        string protocol = port.Protocol.ToString().ToLowerInvariant();
        string to = $"{port.ContainerAddress} . {port.ContainerPort}";
        return port.HostAddress is null
            ? new SetElement(Ruleset.HostPorts, $"{protocol} . {port.HostPort} : {to}", [new Entry(service, target)])
            : new SetElement(
                Ruleset.HostAddressPorts,
                $"{port.HostAddress} . {protocol} . {port.HostPort} : {to}",
                [new Entry([.. port.HostAddress.GetAddressBytes(), .. service], target)]);
    }

    private static byte[] BigEndian(ushort value) => [(byte)(value >> 8), (byte)value];
}
