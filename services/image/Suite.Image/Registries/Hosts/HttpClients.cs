using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Suite.Linux.Errors;

namespace Suite.Image.Registries.Hosts;

/// <summary>One client, with its connections, for each way to make them.</summary>
internal sealed class HttpClients : IDisposable
{
    private readonly Dictionary<string, HttpClient> _clients = [];

    public HttpClient For(TlsSettings tls)
    {
        lock (_clients)
        {
            var key = tls.Key;
            if (!_clients.TryGetValue(key, out var client)) _clients.Add(key, client = Make(tls));
            return client;
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }

    private static HttpClient Make(TlsSettings tls)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = tls.ConnectTimeout,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // names of registries move
            MaxConnectionsPerServer = 16,
        };
        try
        {
            if (tls.SkipVerify) handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
            else if (tls.Authorities.Count > 0) handler.SslOptions.CertificateChainPolicy = Trust(tls.Authorities);
            if (tls.Clients.Count > 0)
                handler.SslOptions.ClientCertificates = [.. tls.Clients.Select(c => X509Certificate2.CreateFromPemFile(c.Certificate, c.Key))];
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            handler.Dispose();
            throw new SuiteException(ErrorKind.FailedPrecondition, $"A certificate that certs.d names cannot be used: {e.Message}", e);
        }

        return new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan, // progress is watched instead: a large layer on a slow line may take hours
            DefaultRequestHeaders = { { "User-Agent", "suite/0.1" } },
        };
    }

    /// <summary>Those of the file beside those of the system: a mirror's own authority must not turn public registries away.</summary>
    private static X509ChainPolicy Trust(IReadOnlyList<string> files)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        foreach (var file in files) policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
