namespace Suite.Registry.Upstreams;

/// <summary>One of "upstreams" in registry.json: a registry that this one keeps copies of.</summary>
internal sealed class UpstreamOptions
{
    /// <summary>The first part of names here: with docker.io, HERE/docker.io/library/busybox is the upstream's library/busybox.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>What clients that use this registry as a mirror call it in ?ns=. By default the prefix.</summary>
    public string? Namespace { get; set; }

    /// <summary>Where it answers, for example https://registry-1.docker.io.</summary>
    public string Url { get; set; } = "";

    /// <summary>Name to log in with. Without one, nobody by name.</summary>
    public string? User { get; set; }

    /// <summary>File with the password.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>PEM file of the authority that vouches for it, where that is not one of the system's.</summary>
    public string? Authority { get; set; }

    /// <summary>For how long a tag is served without asking whether it has moved.</summary>
    public TimeSpan Freshness { get; set; } = TimeSpan.FromMinutes(5);
}
