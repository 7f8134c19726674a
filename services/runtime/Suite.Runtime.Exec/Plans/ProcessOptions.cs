namespace Suite.Runtime.Exec.Plans;

/// <summary>What a further process in a container needs to be planned beside its OCI process.</summary>
public sealed record ProcessOptions
{
    /// <summary>As <see cref="ContainerOptions.User"/>.</summary>
    public string? User { get; init; }
}
