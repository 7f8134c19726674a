using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>What a further process in a container needs to be planned beside its OCI process.</summary>
public sealed record ProcessOptions
{
    /// <summary>As <see cref="ContainerOptions.User"/>.</summary>
    public string? User { get; init; }

    /// <summary>The filter of system calls that the container has: <c>linux.seccomp</c> of its config.json. Null: none.</summary>
    public Seccomp? Seccomp { get; init; }

    /// <summary>As <see cref="ContainerOptions.SeccompText"/>.</summary>
    internal byte[] SeccompText { get; init; } = [];

    /// <summary>As <see cref="ContainerOptions.FilterCache"/>.</summary>
    public string? FilterCache { get; init; }

    /// <summary>The class of service of the container's processes; null: none.</summary>
    internal ResctrlGroup? Resctrl { get; init; }

    /// <summary>For a listener of the filter: the container's id and bundle. Null: empty.</summary>
    public ContainerState? State { get; init; }
}
