using Suite.Runtime.Containers;
using Suite.Runtime.Health;
using Suite.Runtime.Pods;
using Suite.Runtime.Restarts;

namespace Suite.Runtime.Solo;

/// <summary>
/// A container as a person asks for it: a pod of one. Its sandbox comes with its start and goes with its exit, so that a
/// container that does not run holds no address, no port and no process.
/// </summary>
internal sealed record SoloSpec
{
    /// <summary>Empty: one is made up.</summary>
    public string Name { get; init; } = "";

    public required string Image { get; init; }

    /// <summary>Null: the image's. Empty: none.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Environment { get; init; } = [];

    public string WorkingDirectory { get; init; } = "";

    public string User { get; init; } = "";

    public string Hostname { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels.Instance;

    public bool Tty { get; init; }

    public bool Stdin { get; init; }

    public IReadOnlyList<string> Networks { get; init; } = [];

    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    public IReadOnlyList<BindMount> Mounts { get; init; } = [];

    public long MemoryBytes { get; init; }

    /// <summary>Processors times 1e9.</summary>
    public long NanoCpus { get; init; }

    public long PidsLimit { get; init; }

    public bool ReadOnlyRootfs { get; init; }

    public bool Privileged { get; init; }

    public IReadOnlyList<string> AddCapabilities { get; init; } = [];

    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    public string StopSignal { get; init; } = "";

    public bool AutoRemove { get; init; }

    public RestartPolicy Restart { get; init; } = RestartPolicy.No;

    public IReadOnlyList<TmpfsMount> Tmpfs { get; init; } = [];

    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = NoLabels.Instance;

    public bool AllowNewPrivileges { get; init; }

    public bool HostPid { get; init; }

    public bool HostIpc { get; init; }

    /// <summary>The container whose processes it sees as its own, by id once it is made; empty: none.</summary>
    public string PidsOf { get => field ?? ""; init; } = "";

    /// <summary>The container whose IPC it shares, by id once it is made; empty: none.</summary>
    public string IpcOf { get => field ?? ""; init; } = "";

    /// <summary>Of an IPC of its own.</summary>
    public IpcSharing Ipc { get; init; }

    public DnsConfig Dns { get; init; } = new([], [], []);

    public IReadOnlyList<HostLine> ExtraHosts { get; init; } = [];

    public IReadOnlyList<ContainerLink> Links { get; init; } = [];

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public string Address { get; init; } = "";

    public IReadOnlyList<HostDevice> Devices { get; init; } = [];

    public IReadOnlyList<long> Groups { get; init; } = [];

    /// <summary>Further groups by their names in the image.</summary>
    public IReadOnlyList<string> GroupNames { get => field ?? []; init; } = [];

    public long SharedMemoryBytes { get; init; }

    /// <summary>Seconds; null: ten.</summary>
    public uint? StopTimeout { get; init; }

    public long? OomScoreAdjust { get; init; }

    public long CpuShares { get; init; }

    public string CpusetCpus { get; init; } = "";

    public string CpusetMems { get; init; } = "";

    /// <summary>Memory and swap together; 0: twice the memory, -1: no limit.</summary>
    public long MemorySwapBytes { get; init; }

    /// <summary>As asked for until the container is made; then what is done, the image's words counted in.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>Process 1 is one of ours, which collects orphans.</summary>
    public bool Init { get; init; }

    /// <summary>Null: the runtime's profile. A localhost one that is asked for has the profile itself in place of its name.</summary>
    public ProfileChoice? Seccomp { get; init; }

    public ProfileChoice AppArmor { get => field ?? ProfileChoice.None; init; } = ProfileChoice.None;

    public string SelinuxLabel { get => field ?? ""; init; } = "";

    public bool UnmaskedPaths { get; init; }

    /// <summary>Every exposed port is published at a free one.</summary>
    public bool PublishAll { get; init; }

    /// <summary>"80/tcp", beside those of the image.</summary>
    public IReadOnlyList<string> ExposedPorts { get => field ?? []; init; } = [];

    /// <summary>Users that no other container has, in place of the host's.</summary>
    public bool PrivateUsers { get; init; }
}
