using Microsoft.Extensions.Options;
using Suite.Image.Options;
using Suite.Oci.References;

namespace Suite.Image.Registries;

/// <summary>Opens sessions with registries; connections are shared by all.</summary>
internal sealed class RegistryClient(IOptions<ImageOptions> options, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10), // names of registries move
        MaxConnectionsPerServer = 16,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // progress is watched instead: a large layer on a slow line may take hours
        DefaultRequestHeaders = { { "User-Agent", "suite/0.1" } },
    };

    public TimeSpan ProgressTimeout { get; } = TimeSpan.FromSeconds(options.Value.ProgressTimeout);

    public RegistrySession OpenForPull(Reference reference, Credentials credentials) => Open(reference, credentials, "pull");

    public RegistrySession OpenForPush(Reference reference, Credentials credentials) => Open(reference, credentials, "pull,push");

    public void Dispose() => _http.Dispose();

    private RegistrySession Open(Reference reference, Credentials credentials, string actions) =>
        new(_http, RegistryAddress.Of(reference.Host, options.Value.InsecureRegistries), reference, credentials, actions, time);
}
