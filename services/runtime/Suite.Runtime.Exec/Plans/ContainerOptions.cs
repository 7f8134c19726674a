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
}
