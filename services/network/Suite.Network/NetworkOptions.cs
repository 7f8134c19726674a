namespace Suite.Network;

/// <summary>CONFIG/network.json.</summary>
internal sealed class NetworkOptions
{
    private static readonly IReadOnlyList<string> UsualCniBinDirectories = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];

    /// <summary>The default network's subnet of IPv4. Empty: the first of the pools that the host does not use.</summary>
    public string Subnet { get; set; } = "";

    /// <summary>The same of IPv6. Empty: of the pools, or one of this machine's own; "none": the default network has no IPv6.</summary>
    public string Subnet6 { get; set; } = "";

    /// <summary>Subnets for networks that are made without one. Empty: 10.88 to 10.95 and 172.28 to 172.31, /16 each, and /64 of this machine's own.</summary>
    public IList<string> Pools { get; } = [];

    /// <summary>Bytes a packet of a bridge network may have.</summary>
    public int Mtu { get; set; } = 1500;

    /// <summary>How many network namespaces are kept ready.</summary>
    public int SpareNamespaces { get; set; } = 8;

    /// <summary>Where namespaces are named. Empty: /run/netns, in an instance that is moved elsewhere RUN/netns.</summary>
    public string NamespacesDirectory { get; set; } = "";

    /// <summary>The host's name servers.</summary>
    public string ResolvConf { get; set; } = "/etc/resolv.conf";

    /// <summary>Lists of CNI plugins. Empty: /etc/cni/net.d, in an instance that is moved elsewhere CONFIG/cni/net.d.</summary>
    public string CniConfigDirectory { get; set; } = "";

    /// <summary>Where plugins' executables are. Empty: /opt/cni/bin, /usr/lib/cni and /usr/libexec/cni.</summary>
    public IList<string> CniBinDirectories { get; } = [];

    /// <summary>What plugins gave to whom. Empty: ROOT/network/cni.</summary>
    public string CniCacheDirectory { get; set; } = "";

    /// <summary>Seconds that a plugin has for one ADD, DEL or GC.</summary>
    public int CniTimeoutSeconds { get; set; } = 120;

    /// <summary>Seconds between two searches for what belongs to nobody.</summary>
    public int CollectSeconds { get; set; } = 60;

    public IReadOnlyList<string> CniBinDirectoriesOrDefault => CniBinDirectories.Count > 0 ? [.. CniBinDirectories] : UsualCniBinDirectories;

    public bool HasIpv6 => Subnet6 != "none";
}
