namespace Suite.Runtime.Exec.Shims;

/// <summary>Where the standard streams of a container's first process go.</summary>
public sealed record ContainerStreams
{
    /// <summary>A file for the output in CRI's log format, made if it does not exist and appended to. Null: no log.</summary>
    public string? LogPath { get; init; }

    /// <summary>Keep standard input open for those who attach. Otherwise it is /dev/null.</summary>
    public bool Input { get; init; }

    /// <summary>One pseudo terminal instead of three streams.</summary>
    public bool Terminal { get; init; }

    public TerminalSize? Size { get; init; }
}

/// <summary>
/// Where the standard streams of a further process go. A stream not asked for is /dev/null. When its plan has a terminal, that
/// is all three, and output and error are not told apart.
/// </summary>
public sealed record ExecStreams
{
    public bool Input { get; init; }

    public bool Output { get; init; } = true;

    public bool Error { get; init; } = true;

    public TerminalSize? Size { get; init; }
}

/// <summary>Characters, as tty_ioctl(2) has them.</summary>
public sealed record TerminalSize(ushort Rows, ushort Columns);
