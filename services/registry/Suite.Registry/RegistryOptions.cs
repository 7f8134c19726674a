using Suite.Registry.Access;
using Suite.Registry.Garbage;
using Suite.Registry.Limits;
using Suite.Registry.Upstreams;

namespace Suite.Registry;

/// <summary>registry.json.</summary>
internal sealed class RegistryOptions
{
    /// <summary>Addresses with ports, separated by commas.</summary>
    public string Listen { get; set; } = "127.0.0.1:5000";

    /// <summary>PEM file with the certificate and its chain. With it, every address speaks HTTPS.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the certificate's private key.</summary>
    public string? Key { get; set; }

    /// <summary>Whether plain HTTP may be spoken on an address that other machines can reach.</summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>How long an upload may lie untouched before it is thrown away.</summary>
    public TimeSpan UploadExpiry { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Whether the web page is served at /.</summary>
    public bool WebPage { get; set; } = true;

    /// <summary>Whether Prometheus finds figures at /metrics.</summary>
    public bool Metrics { get; set; }

    public AccessOptions Access { get; set; } = new();

    public GarbageOptions Garbage { get; set; } = new();

    public LimitOptions Limits { get; set; } = new();

    /// <summary>Registries that this one keeps copies of.</summary>
    public UpstreamOptions[] Upstreams { get; set; } = [];
}
