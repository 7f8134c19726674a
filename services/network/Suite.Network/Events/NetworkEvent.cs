using Suite.Network.Networks;

namespace Suite.Network.Events;

/// <summary>What happened.</summary>
internal enum NetworkEventKind
{
    NetworkCreated,
    NetworkRemoved,
    Attached,
    Detached,
    Connected,
    Disconnected,

    /// <summary>Bridges, links or rules that others had damaged are as they were.</summary>
    Restored,
}

/// <param name="Network">Empty where it is about all of them.</param>
/// <param name="Sandbox">Empty where it is about none.</param>
/// <param name="At">Nanoseconds since the epoch.</param>
internal sealed record NetworkEvent(NetworkEventKind Kind, string Network, string Sandbox, long At)
{
    /// <summary>As they were then.</summary>
    public IReadOnlyList<NetworkRecord> Networks { get; init; } = [];

    public string SandboxName { get; init; } = "";
}
