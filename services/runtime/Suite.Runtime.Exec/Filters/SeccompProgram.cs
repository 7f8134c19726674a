namespace Suite.Runtime.Exec.Filters;

/// <summary>A compiled filter.</summary>
/// <param name="Instructions">BPF, eight bytes each (linux/filter.h).</param>
/// <param name="Flags">SECCOMP_FILTER_FLAG_*.</param>
/// <param name="ListenerPath">The socket that is sent the notification descriptor; null: no rule notifies.</param>
/// <param name="ListenerMetadata">Handed to the listener as it is.</param>
internal sealed record SeccompProgram(byte[] Instructions, uint Flags, string? ListenerPath, string? ListenerMetadata);
