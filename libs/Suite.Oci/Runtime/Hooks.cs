namespace Suite.Oci.Runtime;

/// <summary>Programs that are run at fixed points of a container's life, with its state on standard input.</summary>
public sealed record Hooks
{
    public IReadOnlyList<Hook>? Prestart { get; init; }

    public IReadOnlyList<Hook>? CreateRuntime { get; init; }

    public IReadOnlyList<Hook>? CreateContainer { get; init; }

    public IReadOnlyList<Hook>? StartContainer { get; init; }

    public IReadOnlyList<Hook>? Poststart { get; init; }

    public IReadOnlyList<Hook>? Poststop { get; init; }
}

public sealed record Hook
{
    public string Path { get; init; } = "";

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds.</summary>
    public int? Timeout { get; init; }
}
