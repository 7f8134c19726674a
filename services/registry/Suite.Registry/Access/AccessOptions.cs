namespace Suite.Registry.Access;

/// <summary>"access" in registry.json. Without users and without clientAuthority everybody may do everything.</summary>
internal sealed class AccessOptions
{
    /// <summary>A file of NAME:HASH lines with bcrypt hashes, as `htpasswd -B` writes. Read again when it changes.</summary>
    public string? Users { get; set; }

    /// <summary>PEM file with the authorities whose client certificates are believed: CN is the user, each O a group.</summary>
    public string? ClientAuthority { get; set; }

    /// <summary>Whether a connection without a client certificate is refused.</summary>
    public bool RequireClientCertificate { get; set; }

    /// <summary>Group to its members.</summary>
    public Dictionary<string, string[]> Groups { get; set; } = [];

    /// <summary>Who may do what. With none, whoever logged in may do everything and nobody else anything.</summary>
    public AccessRule[] Rules { get; set; } = [];

    /// <summary>Whether clients get tokens for their passwords (Bearer), as Docker Hub does, or send these with each request (Basic).</summary>
    public bool Tokens { get; set; } = true;

    /// <summary>How long a token is good for.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The URL of the token service as clients reach it, behind a proxy. By default that of the request with /auth/token.</summary>
    public string? TokenRealm { get; set; }
}

/// <summary>One rule. What any of the rules gives a caller is allowed.</summary>
internal sealed class AccessRule
{
    /// <summary>Names; * stands for anything but a slash, ** for anything.</summary>
    public string[] Repositories { get; set; } = [];

    /// <summary>Users, @GROUPS, * for all who logged in, or "anonymous" for everybody.</summary>
    public string[] Who { get; set; } = [];

    /// <summary>pull, push, delete, or * for all three.</summary>
    public string[] Allow { get; set; } = [];
}
