using Suite.Image.Registries.Hosts;

namespace Suite.Image.Registries;

/// <summary>One host as a session uses it: its connections and what has been proved to it.</summary>
internal sealed class RegistryEndpoint(RegistryHost host, HttpClient http, Authorizer authorizer, string repository, string? space)
{
    public RegistryHost Host => host;

    public HttpClient Http => http;

    public Authorizer Authorizer => authorizer;

    /// <summary>It did not answer in this session: it is not asked again while there are others.</summary>
    public bool IsDown { get; set; }

    /// <summary>An address below the repository: <c>manifests/latest</c>.</summary>
    public Uri Uri(string rest)
    {
        var mark = rest.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return new Uri(host.Base, $"{repository}/{rest}" + (space is null ? "" : $"{mark}ns={System.Uri.EscapeDataString(space)}"));
    }

    public bool Owns(Uri uri) => uri.Scheme == host.Base.Scheme && uri.Authority == host.Base.Authority;
}
