namespace Suite.Network;

/// <summary>CONFIG/network.json.</summary>
internal sealed class NetworkOptions
{
    /// <summary>The default network's subnet. Empty: the first of the pools that the host does not use.</summary>
    public string Subnet { get; set; } = "";

    /// <summary>Subnets for networks that are made without one. Empty: 10.88 to 10.95 and 172.28 to 172.31, /16 each.</summary>
    public IList<string> Pools { get; } = [];

    /// <summary>Bytes a packet of a bridge network may have.</summary>
    public int Mtu { get; set; } = 1500;

    /// <summary>How many network namespaces are kept ready.</summary>
    public int SpareNamespaces { get; set; } = 8;
}
