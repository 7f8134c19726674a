using Suite.Linux.Errors;

namespace Suite.Image.Registries.Hosts;

/// <summary>
/// CONFIG/certs.d: a folder a registry with its hosts.toml, or with Docker's .crt, .cert and .key files. Read anew for every pull
/// and push, so that a change needs no restart.
/// </summary>
internal sealed class HostsFolder(string folder)
{
    /// <summary>Null: nothing is said about this registry.</summary>
    /// <param name="host">As in the image's name, with a port where it has one.</param>
    public IReadOnlyList<RegistryHost>? Find(string host, Uri server)
    {
        foreach (var name in Names(host))
        {
            var place = Path.Combine(folder, name);
            var file = Path.Combine(place, "hosts.toml");
            try
            {
                if (File.Exists(file)) return HostsFile.Parse(File.ReadAllText(file), file, server);
                if (Directory.Exists(place)) return [DockerFiles(place, server)];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SuiteException(ErrorKind.FailedPrecondition, $"What is configured for the registry {host} in {place} cannot be read: {e.Message}", e);
            }
        }

        return null;
    }

    /// <summary>A colon cannot be in every file system's names: containerd also looks for host_port_.</summary>
    private static IEnumerable<string> Names(string host)
    {
        yield return host;
        var colon = host.LastIndexOf(':');
        if (colon > 0) yield return $"{host[..colon]}_{host[(colon + 1)..]}_";
        yield return "_default";
    }

    /// <summary>Docker's layout: every NAME.crt is an authority, every NAME.cert with its NAME.key a certificate of ours.</summary>
    private static RegistryHost DockerFiles(string place, Uri server)
    {
        var files = Directory.EnumerateFiles(place).Order(StringComparer.Ordinal).ToArray();
        var clients = files.Where(f => f.EndsWith(".cert", StringComparison.Ordinal)).Select(f => (f, Path.ChangeExtension(f, ".key"))).ToArray();
        if (clients.FirstOrDefault(c => !files.Contains(c.Item2)) is { f: { } alone })
            throw new SuiteException(ErrorKind.FailedPrecondition, $"The certificate {alone} lacks its key, {Path.ChangeExtension(alone, ".key")}.");
        var authorities = files.Where(f => f.EndsWith(".crt", StringComparison.Ordinal)).ToArray();
        // Certificates are for TLS: with some, a registry on this machine has it too.
        var at = authorities.Length + clients.Length == 0 || server.Scheme == "https" ? server : new UriBuilder(server) { Scheme = "https", Port = server.IsDefaultPort ? 443 : server.Port }.Uri;
        return new RegistryHost(new Uri(at, "/v2/"), HostCapabilities.All, new TlsSettings(authorities, clients, false, TlsSettings.DefaultConnectTimeout), [], false);
    }
}
