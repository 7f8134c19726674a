namespace Suite.Oci.Runtime;

/// <summary>A system call filter (config-linux.md, seccomp).</summary>
public sealed record Seccomp
{
    public string DefaultAction { get; init; } = "";

    public uint? DefaultErrnoRet { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public string? ListenerPath { get; init; }

    public string? ListenerMetadata { get; init; }

    public IReadOnlyList<SeccompRule>? Syscalls { get; init; }
}

public sealed record SeccompRule
{
    public IReadOnlyList<string> Names { get; init; } = [];

    public string Action { get; init; } = "";

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<SeccompArgument>? Args { get; init; }
}

public sealed record SeccompArgument
{
    public uint Index { get; init; }

    public ulong Value { get; init; }

    public ulong ValueTwo { get; init; }

    public string Op { get; init; } = "";
}
