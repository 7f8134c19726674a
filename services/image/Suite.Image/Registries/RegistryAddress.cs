using System.Net;
using Suite.Image.Registries.Hosts;
using Suite.Oci.References;

namespace Suite.Image.Registries;

/// <summary>Where a registry is, from the host of a reference.</summary>
internal static class RegistryAddress
{
    /// <summary>The API of docker.io is on another host than its name.</summary>
    private const string DockerHub = "registry-1.docker.io";

    public static Uri Of(string host, IEnumerable<string> insecure)
    {
        var authority = host == Reference.DefaultHost ? DockerHub : host;
        var scheme = IsLoopback(authority) || insecure.Contains(host, StringComparer.OrdinalIgnoreCase) ? "http" : "https";
        return new Uri($"{scheme}://{authority}/");
    }

    /// <summary>An insecure registry may still have TLS, with a certificate that nobody knows: that is tried first, as docker does.</summary>
    public static IReadOnlyList<RegistryHost> Hosts(Uri server, string host, IEnumerable<string> insecure)
    {
        var plain = new RegistryHost(new Uri(server, "v2/"), HostCapabilities.All, TlsSettings.Default, [], IsMirror: false);
        if (!insecure.Contains(host, StringComparer.OrdinalIgnoreCase) || IsLoopback(server.Authority)) return [plain];
        var tls = new UriBuilder(plain.Base) { Scheme = "https", Port = server.IsDefaultPort ? 443 : server.Port }.Uri;
        return [plain with { Base = tls, Tls = TlsSettings.Unverified }, plain];
    }

    /// <summary>Traffic to this machine cannot be listened to on the way: plain HTTP is allowed, as docker does.</summary>
    private static bool IsLoopback(string authority)
    {
        var host = new Uri("http://" + authority).Host;
        return host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
