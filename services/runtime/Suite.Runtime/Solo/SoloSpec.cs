using Suite.Runtime.Containers;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Solo;

/// <summary>
/// A container as a person asks for it: a pod of one. Its sandbox comes with its start and goes with its exit, so that a
/// container that does not run holds no address, no port and no process.
/// </summary>
internal sealed record SoloSpec
{
    /// <summary>Empty: one is made up.</summary>
    public string Name { get; init; } = "";

    public required string Image { get; init; }

    /// <summary>Null: the image's. Empty: none.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Environment { get; init; } = [];

    public string WorkingDirectory { get; init; } = "";

    public string User { get; init; } = "";

    public string Hostname { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels.Instance;

    public bool Tty { get; init; }

    public bool Stdin { get; init; }

    public IReadOnlyList<string> Networks { get; init; } = [];

    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    public IReadOnlyList<BindMount> Mounts { get; init; } = [];

    public long MemoryBytes { get; init; }

    /// <summary>Processors times 1e9.</summary>
    public long NanoCpus { get; init; }

    public long PidsLimit { get; init; }

    public bool ReadOnlyRootfs { get; init; }

    public bool Privileged { get; init; }

    public IReadOnlyList<string> AddCapabilities { get; init; } = [];

    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    public string StopSignal { get; init; } = "";

    public bool AutoRemove { get; init; }
}
