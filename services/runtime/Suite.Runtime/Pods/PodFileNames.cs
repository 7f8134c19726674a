namespace Suite.Runtime.Pods;

/// <summary>The files that a pod's containers share in /etc, kept in the pod's run directory.</summary>
internal static class PodFileNames
{
    public const string ResolvConf = "resolv.conf";
    public const string Hosts = "hosts";
    public const string Hostname = "hostname";

    public static readonly IReadOnlyList<string> All = [ResolvConf, Hosts, Hostname];
}
