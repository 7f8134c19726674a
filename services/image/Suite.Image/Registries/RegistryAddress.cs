using System.Net;
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

    /// <summary>Traffic to this machine cannot be listened to on the way: plain HTTP is allowed, as docker does.</summary>
    private static bool IsLoopback(string authority)
    {
        var host = new Uri("http://" + authority).Host;
        return host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
