namespace Suite.Runtime.Exec.Wire;

/// <summary>
/// What the two ends of a shim's socket say. Every message is one packet: a kind, a number, a body. An answer has the number of
/// its request; an event has 0.
/// </summary>
internal static class Protocol
{
    /// <summary>Sent first by the shim, with its pid and, when it has one, its pod.</summary>
    public const int Version = 1;

    /// <summary>The longest packet. Plans are longer and cross as a sealed memory file.</summary>
    public const int MaxMessage = 64 << 10;

    /// <summary>The descriptor at which a shim finds the socket to the process that started it.</summary>
    public const int LauncherDescriptor = 3;
}

internal enum MessageKind : byte
{
    StartPod = 1,
    CreateContainer,
    StartContainer,
    Exec,
    Signal,
    SignalExec,
    Attach,
    CloseInput,
    ReopenLog,
    Resize,
    ReadState,
    ReadUsage,
    DeleteContainer,
    DeleteExec,
    Shutdown,
    Pause,
    Resume,
    Update,
    ReadProcesses,
    JoinNetwork,
    AnnounceContainer,

    Hello = 100,
    Done,
    Failed,

    ContainerExited = 110,
    ExecExited,
    HooksFailed,
}
