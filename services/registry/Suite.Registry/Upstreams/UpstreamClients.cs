using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Registry.Upstreams;

/// <summary>The upstreams of the settings, each with its connections, by the names that lead to them.</summary>
internal sealed class UpstreamClients : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    private readonly List<Upstream> _upstreams = [];

    /// <exception cref="SuiteException">The settings cannot be used.</exception>
    public UpstreamClients(IEnumerable<UpstreamOptions> options)
    {
        foreach (var upstream in options)
            _upstreams.Add(Make(upstream));
    }

    /// <summary>The upstream that a repository is a copy of, and its name there. Null for a repository of our own.</summary>
    public (Upstream Upstream, string Name)? Find(string repository)
    {
        foreach (var upstream in _upstreams)
        {
            if (repository.Length > upstream.Prefix.Length + 1 && repository[upstream.Prefix.Length] == '/' && repository.StartsWith(upstream.Prefix, StringComparison.Ordinal))
                return (upstream, repository[(upstream.Prefix.Length + 1)..]);
        }

        return null;
    }

    /// <summary>The name here of what a client asks a mirror for with ?ns= (distribution-spec, "Registry Proxying").</summary>
    public string? NameOf(string repository, string? space) =>
        string.IsNullOrEmpty(space) || _upstreams.Find(upstream => upstream.Namespace == space) is not { } found ? null : $"{found.Prefix}/{repository}";

    public void Dispose() => _upstreams.ForEach(upstream => upstream.Dispose());

    private static Upstream Make(UpstreamOptions options)
    {
        if (!ReferenceGrammar.IsRepository(options.Prefix))
            throw new SuiteException(ErrorKind.InvalidArgument, $"upstreams: '{options.Prefix}' cannot be a prefix: {ReferenceGrammar.RepositoryRule}");
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            throw new SuiteException(ErrorKind.InvalidArgument, $"upstreams: the url '{options.Url}' of {options.Prefix} is not https://HOST or http://HOST");
        try
        {
            var handler = new SocketsHttpHandler { ConnectTimeout = ConnectPatience, PooledConnectionLifetime = TimeSpan.FromMinutes(10) };
            if (options.Authority is { } path)
                handler.SslOptions = Trust(path);
            var password = options.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : "";
            // No limit for a whole answer: layers take as long as they take, and silence is noticed while they are read.
            return new Upstream(options, address, new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, password);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"upstreams: cannot use the files of {options.Prefix}: {e.Message}", e);
        }
    }

    private static SslClientAuthenticationOptions Trust(string path)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(path);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
