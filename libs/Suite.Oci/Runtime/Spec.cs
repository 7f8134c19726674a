namespace Suite.Oci.Runtime;

/// <summary>
/// config.json of the OCI runtime specification 1.3 (config.md): what one container is to be. Absent and null are the same.
/// Fields for Windows, Solaris, z/OS and virtual machines are not modelled; a file that has them is read, and they are ignored.
/// </summary>
public sealed record Spec
{
    public string OciVersion { get; init; } = "1.3.0";

    public Process? Process { get; init; }

    public Root? Root { get; init; }

    public string? Hostname { get; init; }

    public string? Domainname { get; init; }

    /// <summary>In the order in which they are mounted.</summary>
    public IReadOnlyList<Mount>? Mounts { get; init; }

    public Hooks? Hooks { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public LinuxSpec? Linux { get; init; }
}

/// <summary>The container's root file system.</summary>
public sealed record Root
{
    /// <summary>Absolute, or relative to the bundle.</summary>
    public string Path { get; init; } = "";

    public bool Readonly { get; init; }
}

/// <summary>One mount, in the terms of mount(2) and fstab(5).</summary>
public sealed record Mount
{
    /// <summary>Absolute path in the container.</summary>
    public string Destination { get; init; } = "";

    public string? Type { get; init; }

    public string? Source { get; init; }

    public IReadOnlyList<string>? Options { get; init; }

    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    public IReadOnlyList<IdMapping>? GidMappings { get; init; }
}
