using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>What a container needs to be planned beside its config.json.</summary>
public sealed record ContainerOptions
{
    /// <summary>Letters, digits and <c>_+.-</c>.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// How the root file system is mounted on <c>Root.Path</c>: one mount without destination, usually an overlay with the
    /// options <c>lowerdir=A:B</c> (topmost first), <c>upperdir=</c> and <c>workdir=</c>; of a bind, what is mounted below its source stays out. Null: <c>Root.Path</c> is the root
    /// file system itself.
    /// </summary>
    public Mount? Rootfs { get; init; }

    /// <summary>
    /// <c>user[:group]</c> as an image names it, in names or numbers, looked up in the container's own /etc/passwd and
    /// /etc/group by its init; also sets HOME when the environment has none. Null: <c>Process.User</c> as it is.
    /// </summary>
    public string? User { get; init; }

    /// <summary>
    /// <see cref="PodPlan.Directory"/> of the pod that the container is in: what is bound from below it is mounted in the pod's mount
    /// namespace, every other source is looked up in the host's. Null: all of them where the container is made.
    /// </summary>
    public string? PodDirectory { get; init; }

    /// <summary>
    /// A folder of root's alone in which compiled filters of system calls are kept from one process to the next. Null: a filter
    /// is compiled once for this process.
    /// </summary>
    public string? FilterCache { get; init; }

    /// <summary>linux.seccomp as it is written, where it was left out of the configuration; empty: there is none.</summary>
    internal byte[] SeccompText { get; init; } = [];

    /// <summary>Absolute path of the bundle, as hooks and listeners are told.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>
    /// Move the root over / and change to it instead of pivoting, for a runtime whose own root is an initramfs. What was at / stays
    /// mounted below, where a process with CAP_SYS_ADMIN can uncover it.
    /// </summary>
    internal bool NoPivot { get; init; }

    /// <summary>The init stops before the program and waits to be started, by another process perhaps.</summary>
    internal bool AwaitsStart { get; init; }
}
