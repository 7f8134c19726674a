using Suite.Runtime.Pods;

namespace Suite.Runtime.Containers;

/// <summary>What a caller asked a container to be, in the terms shared by CRI and suite.container.v1.</summary>
internal sealed record ContainerConfig
{
    public required string Name { get; init; }

    public uint Attempt { get; init; }

    /// <summary>As asked for; what it resolved to is in the container.</summary>
    public required string Image { get; init; }

    /// <summary>What the user typed, when that differs from <see cref="Image"/> (CRI's user_specified_image).</summary>
    public string UserSpecifiedImage { get; init; } = "";

    /// <summary>Replaces the image's entrypoint when not empty, and then the image's command does not count either.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Replaces the image's command when not empty.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    public string WorkingDirectory { get; init; } = "";

    /// <summary>"NAME=value"; wins over the image's.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    public IReadOnlyList<BindMount> Mounts { get; init; } = [];

    public IReadOnlyList<TmpfsMount> Tmpfs { get; init; } = [];

    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    public IReadOnlyList<HostDevice> Devices { get; init; } = [];

    /// <summary>"vendor.com/class=device": what their vendors say a container needs for them.</summary>
    public IReadOnlyList<string> CdiDevices { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels.Instance;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = NoLabels.Instance;

    /// <summary>Relative to the pod's log folder; empty: no log.</summary>
    public string LogPath { get; init; } = "";

    public bool Stdin { get; init; }

    /// <summary>Its input ends with that of the first client that attaches.</summary>
    public bool StdinOnce { get; init; }

    public bool Tty { get; init; }

    /// <summary>A signal's number; 0: the image's, or SIGTERM.</summary>
    public int StopSignal { get; init; }

    /// <summary>There is no /dev/shm.</summary>
    public bool NoSharedMemory { get; init; }

    public ContainerResources Resources { get; init; } = ContainerResources.None;

    public ContainerSecurity Security { get; init; } = ContainerSecurity.Default;
}

internal enum Propagation
{
    Private,
    HostToContainer,
    Bidirectional,
}

/// <summary>A path of the host, visible in the container; or an image, when <see cref="Image"/> is there.</summary>
internal sealed record BindMount(string HostPath, string ContainerPath, bool ReadOnly)
{
    /// <summary>The host path is empty then.</summary>
    public ImageVolume? Image { get; init; }

    public Propagation Propagation { get; init; }

    public bool RecursiveReadOnly { get; init; }

    /// <summary>Its files belong to the pod's users of the same numbers: they are kept with the numbers that the pod sees.</summary>
    public bool MapsIds { get; init; }

    /// <summary>The mapping that was asked for, which must be the pod's; null: none was.</summary>
    public UserMap? Ids { get; init; }

    /// <summary>Its files are to get a label that the container may use.</summary>
    public bool SelinuxRelabel { get; init; }

    /// <summary>The volume that the path is; empty: a path of the host.</summary>
    public string Volume { get; init; } = "";

    /// <summary>An empty volume stays so.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Further flags of mount(8): nosuid, nodev, noexec.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}

/// <summary>A file system in memory.</summary>
internal sealed record TmpfsMount(string ContainerPath, IReadOnlyList<string> Options);

/// <summary>RLIMIT_ of setrlimit(2), by the name without that prefix in small letters; -1 is no limit.</summary>
internal sealed record Ulimit(string Name, long Soft, long Hard);

/// <summary>An image whose files are seen in the container, read-only.</summary>
/// <param name="Reference">As asked for.</param>
/// <param name="SubPath">The part of it that is seen; empty: all of it.</param>
internal sealed record ImageVolume(string Reference, string SubPath)
{
    public string UserSpecifiedImage { get; init; } = "";

    /// <summary>The image it resolved to, when the container was made.</summary>
    public string Id { get; init; } = "";

    /// <summary>How it is mounted; null until the container is made.</summary>
    public RootfsMount? Mount { get; init; }
}

/// <summary>A device of the host; permissions are a selection of "rwm".</summary>
internal sealed record HostDevice(string HostPath, string ContainerPath, string Permissions);
