using System.Text.Json.Serialization;

namespace Suite.Oci.Runtime;

/// <summary>What is executed in the container, and with which rights.</summary>
public sealed record Process
{
    public bool Terminal { get; init; }

    public ConsoleSize? ConsoleSize { get; init; }

    public User User { get; init; } = new();

    public IReadOnlyList<string>? Args { get; init; }

    /// <summary><c>NAME=value</c>.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Absolute path in the container; it is made when it does not exist.</summary>
    public string Cwd { get; init; } = "";

    public Capabilities? Capabilities { get; init; }

    public IReadOnlyList<Rlimit>? Rlimits { get; init; }

    public bool NoNewPrivileges { get; init; }

    public string? ApparmorProfile { get; init; }

    public int? OomScoreAdj { get; init; }

    public Scheduler? Scheduler { get; init; }

    public string? SelinuxLabel { get; init; }

    public IoPriority? IoPriority { get; init; }

    [JsonPropertyName("execCPUAffinity")]
    public ExecCpuAffinity? ExecCpuAffinity { get; init; }
}

public sealed record ConsoleSize
{
    public uint Height { get; init; }

    public uint Width { get; init; }
}

public sealed record User
{
    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public uint? Umask { get; init; }

    public IReadOnlyList<uint>? AdditionalGids { get; init; }

    /// <summary>Of the specification's Windows part. Suite's planner has its own option for names that are looked up in the container.</summary>
    public string? Username { get; init; }
}

/// <summary>The five sets of capabilities(7), each a list of names such as <c>CAP_CHOWN</c>.</summary>
public sealed record Capabilities
{
    public IReadOnlyList<string>? Bounding { get; init; }

    public IReadOnlyList<string>? Effective { get; init; }

    public IReadOnlyList<string>? Inheritable { get; init; }

    public IReadOnlyList<string>? Permitted { get; init; }

    public IReadOnlyList<string>? Ambient { get; init; }
}

/// <summary>One limit of setrlimit(2), for example <c>RLIMIT_NOFILE</c>.</summary>
public sealed record Rlimit
{
    public string Type { get; init; } = "";

    public ulong Hard { get; init; }

    public ulong Soft { get; init; }
}

/// <summary>sched_setattr(2).</summary>
public sealed record Scheduler
{
    public string Policy { get; init; } = "";

    public int Nice { get; init; }

    public int Priority { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public ulong Runtime { get; init; }

    public ulong Deadline { get; init; }

    public ulong Period { get; init; }
}

/// <summary>ioprio_set(2).</summary>
public sealed record IoPriority
{
    public string Class { get; init; } = "";

    public int Priority { get; init; }
}

/// <summary>CPU lists such as <c>0-3,7</c> for a process that joins the container.</summary>
public sealed record ExecCpuAffinity
{
    public string? Initial { get; init; }

    public string? Final { get; init; }
}
