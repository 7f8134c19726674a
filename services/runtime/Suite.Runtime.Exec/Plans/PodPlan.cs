using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Bundles;

namespace Suite.Runtime.Exec.Plans;

/// <summary>
/// What a shim makes once for its pod, before the first container: the namespaces that the containers share, held by the shim
/// itself instead of a pause process, and the pod's cgroup.
/// </summary>
public sealed record PodPlan
{
    /// <summary>Letters, digits and <c>_+.-</c>.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Absolute path of the pod's run directory. It exists; the shim makes <c>shim.sock</c>, <c>shm</c> and <c>rootfs</c> in it
    /// and removes them when it is shut down. Everything else in it is the caller's.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>Path below the root of each cgroup hierarchy, for example <c>/suite/pod4f1c</c>. Containers are below it.</summary>
    public required string CgroupPath { get; init; }

    /// <summary>A namespace file to join, for example <c>/run/suite/netns/suite-4f1c</c>. Null: the host's network.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>
    /// Make a network namespace with nothing in it instead, for the caller to connect by <see cref="NamespaceFile"/>. With
    /// <see cref="UidMappings"/> it is owned by the pod's user namespace, as a sysfs or a sysctl in the pod wants it; one that
    /// was made on the host cannot be.
    /// </summary>
    public bool OwnNetwork { get; init; }

    /// <summary>
    /// The network namespace is still being made: the shim makes everything else meanwhile, and is told of it by
    /// <see cref="Shims.ShimConnection.JoinNetworkAsync"/>. Until then no container starts. Not with <see cref="UidMappings"/>
    /// or <see cref="SharedPids"/>, whose processes would be left behind in the host's network.
    /// </summary>
    public bool NetworkFollows { get; init; }

    /// <summary>
    /// A user namespace for the pod. Its containers list <c>{"type": "user", "path": UserNamespacePath}</c>; a layer or a volume
    /// of the host's ids has the mount option <c>idmap</c>. Empty: the host's users.
    /// </summary>
    public IReadOnlyList<IdMapping> UidMappings { get; init; } = [];

    public IReadOnlyList<IdMapping> GidMappings { get; init; } = [];

    /// <summary>
    /// One pid namespace for the pod, with a process 1 of the shim's that does nothing but take in orphans. Its containers list
    /// <c>{"type": "pid", "path": PidNamespacePath}</c>.
    /// </summary>
    public bool SharedPids { get; init; }

    /// <summary>Share the host's System V IPC, POSIX queues and /dev/shm.</summary>
    public bool HostIpc { get; init; }

    /// <summary>Share those of another pod instead. Not with <see cref="HostIpc"/> or <see cref="UidMappings"/>.</summary>
    public SharedIpc? SharedIpc { get; init; }

    /// <summary>Share the host's name. A hostname may then not be given.</summary>
    public bool HostUts { get; init; }

    /// <summary>At most 64 bytes (sethostname(2)).</summary>
    public string? Hostname { get; init; }

    /// <summary>Bytes of the tmpfs that the pod's containers share as /dev/shm.</summary>
    public long SharedMemoryBytes { get; init; } = 64 << 20;

    /// <summary>Namespaced settings of the pod, for example <c>net.ipv4.ip_unprivileged_port_start</c> or <c>kernel.shm_rmid_forced</c>.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Another program makes the pod's containers, by plans of <see cref="BundlePlanner"/>. Null: the shim itself, by plans of
    /// <see cref="ContainerPlan.From"/>.
    /// </summary>
    public OciRuntime? Runtime { get; init; }

    /// <summary>Where the shim listens, so that a restarted runtime finds it again.</summary>
    public string SocketPath => Path.Combine(Directory, "shim.sock");

    /// <summary>
    /// The source of the bind mount that gives a container its /dev/shm: the pod's tmpfs, which is visible in the shim's mount
    /// namespace only, or the host's.
    /// </summary>
    public string SharedMemoryPath => HostIpc ? "/dev/shm" : SharedMemoryIn(Directory);

    /// <summary>Where the tmpfs of a pod is.</summary>
    public static string SharedMemoryIn(string directory) => Path.Combine(directory, "shm");

    /// <summary>The directory for <c>Root.Path</c> on which a container mounts its root, in its own mount namespace.</summary>
    public string RootPath => Path.Combine(Directory, "rootfs");

    /// <summary>For a container's <c>linux.namespaces</c>; seen in the shim's mount namespace only.</summary>
    public string UserNamespacePath => Path.Combine(NamespaceFolder, "user");

    /// <summary>For a container's <c>linux.namespaces</c>; seen in the shim's mount namespace only.</summary>
    public string PidNamespacePath => Path.Combine(NamespaceFolder, "pid");

    internal string NamespaceFolder => Path.Combine(Directory, "ns");

    /// <summary>A namespace that the shim made, as any process of the host can open it while the shim lives.</summary>
    /// <param name="shimPid"><see cref="Shims.ShimConnection.Pid"/>.</param>
    /// <param name="type"><c>net</c>, <c>user</c> or <c>pid</c>.</param>
    public string NamespaceFile(int shimPid, string type) => $"/proc/{shimPid}/root{Path.Combine(NamespaceFolder, type)}";
}

/// <summary>The IPC of another pod.</summary>
/// <param name="ShimPid">The process that is in its namespaces.</param>
/// <param name="SharedMemoryPath">Its /dev/shm, as that process sees it.</param>
public sealed record SharedIpc(int ShimPid, string SharedMemoryPath);
