using Microsoft.Extensions.Options;
using Suite.Hosting;
using Suite.Image.Options;
using Suite.Image.Registries.Hosts;
using Suite.Oci.References;

namespace Suite.Image.Registries;

/// <summary>Opens sessions with registries; connections are shared by all.</summary>
internal sealed class RegistryClient(SuitePaths paths, IOptions<ImageOptions> options, TimeProvider time) : IDisposable
{
    private readonly HttpClients _clients = new();
    private readonly HostsFolder _hosts = new(Path.Combine(paths.Config, "certs.d"));
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Value.ProgressTimeout);

    public RegistrySession OpenForPull(Reference reference, Credentials credentials) => Open(reference, credentials, "pull");

    /// <param name="mountFrom">A repository whose blobs may be mounted: the token must allow to read it too.</param>
    public RegistrySession OpenForPush(Reference reference, Credentials credentials, string? mountFrom) => Open(reference, credentials, "pull,push", mountFrom);

    public void Dispose() => _clients.Dispose();

    private RegistrySession Open(Reference reference, Credentials credentials, string actions, string? mountFrom = null)
    {
        string[] scopes = [$"repository:{reference.Repository}:{actions}", .. mountFrom is null ? (string[])[] : [$"repository:{mountFrom}:pull"]];
        var server = RegistryAddress.Of(reference.Host, options.Value.InsecureRegistries);
        var hosts = _hosts.Find(reference.Host, server) ?? RegistryAddress.Hosts(server, reference.Host, options.Value.InsecureRegistries);
        var endpoints = hosts.Select(host =>
        {
            var http = _clients.For(host.Tls);
            return new RegistryEndpoint(
                host, http, new Authorizer(http, host.Base, host.IsMirror ? Credentials.Anonymous : credentials, scopes),
                reference.Repository, host.IsMirror ? reference.Host : null);
        });
        return new RegistrySession(reference, [.. endpoints], _patience, time);
    }
}
