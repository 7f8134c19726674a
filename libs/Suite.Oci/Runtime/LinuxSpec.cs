namespace Suite.Oci.Runtime;

/// <summary>The part of config.json that is Linux's alone (config-linux.md).</summary>
public sealed record LinuxSpec
{
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    public IReadOnlyList<IdMapping>? GidMappings { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    public LinuxResources? Resources { get; init; }

    /// <summary>Path below the root of each cgroup hierarchy.</summary>
    public string? CgroupsPath { get; init; }

    public IReadOnlyList<LinuxNamespace>? Namespaces { get; init; }

    public IReadOnlyList<LinuxDevice>? Devices { get; init; }

    public IReadOnlyDictionary<string, NetDevice>? NetDevices { get; init; }

    public Seccomp? Seccomp { get; init; }

    /// <summary><c>private</c>, <c>rslave</c> and so on; the propagation of the container's root.</summary>
    public string? RootfsPropagation { get; init; }

    public IReadOnlyList<string>? MaskedPaths { get; init; }

    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    public string? MountLabel { get; init; }

    public IntelRdt? IntelRdt { get; init; }

    public MemoryPolicy? MemoryPolicy { get; init; }

    public Personality? Personality { get; init; }

    public IReadOnlyDictionary<string, TimeOffset>? TimeOffsets { get; init; }
}

public sealed record IdMapping
{
    public uint ContainerID { get; init; }

    public uint HostID { get; init; }

    public uint Size { get; init; }
}

/// <summary>A namespace to make (no path) or to join (path). A type that is not listed is inherited from the runtime.</summary>
public sealed record LinuxNamespace
{
    /// <summary>One of <see cref="NamespaceTypes"/>.</summary>
    public string Type { get; init; } = "";

    public string? Path { get; init; }
}

/// <summary>The names config.json has for the namespaces of namespaces(7).</summary>
public static class NamespaceTypes
{
    public const string Pid = "pid";
    public const string Network = "network";
    public const string Mount = "mount";
    public const string Ipc = "ipc";
    public const string Uts = "uts";
    public const string User = "user";
    public const string Cgroup = "cgroup";
    public const string Time = "time";
}

/// <summary>A device node to make in the container's /dev.</summary>
public sealed record LinuxDevice
{
    /// <summary><c>c</c>, <c>b</c>, <c>u</c> or <c>p</c>.</summary>
    public string Type { get; init; } = "";

    public string Path { get; init; } = "";

    public long Major { get; init; }

    public long Minor { get; init; }

    /// <summary>Permission bits; 0666 when absent.</summary>
    public uint? FileMode { get; init; }

    public uint? Uid { get; init; }

    public uint? Gid { get; init; }
}

public sealed record NetDevice
{
    public string? Name { get; init; }
}

public sealed record IntelRdt
{
    public string? ClosID { get; init; }

    public IReadOnlyList<string>? Schemata { get; init; }

    public string? L3CacheSchema { get; init; }

    public string? MemBwSchema { get; init; }

    public bool EnableMonitoring { get; init; }
}

public sealed record MemoryPolicy
{
    public string Mode { get; init; } = "";

    public string? Nodes { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }
}

public sealed record Personality
{
    public string Domain { get; init; } = "";

    public IReadOnlyList<string>? Flags { get; init; }
}

public sealed record TimeOffset
{
    public long Secs { get; init; }

    public uint Nanosecs { get; init; }
}
