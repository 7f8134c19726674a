namespace Suite.Network.Networks;

/// <summary>One subnet as it is asked for; what is empty is chosen.</summary>
internal sealed record SubnetWish(string Subnet, string Gateway = "", string Range = "");

/// <summary>What the maker of a network asks for; empty means "choose".</summary>
/// <param name="Ipv6">A subnet of IPv6 is wanted, though none is named.</param>
internal sealed record NetworkWish(
    string Name, string Driver, IReadOnlyList<SubnetWish> Subnets, int Mtu, bool Internal, bool Isolated, bool Ipv6, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The wish in one line, for comparison with a repeated one.</summary>
    public string Fingerprint => string.Join(
        '|', [Driver, .. Subnets, Mtu, Internal, Isolated, Ipv6, .. Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")]);
}
