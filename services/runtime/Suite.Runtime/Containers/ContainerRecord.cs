using Suite.Runtime.Health;
using Suite.Runtime.Pods;
using Suite.Runtime.Solo;

namespace Suite.Runtime.Containers;

/// <summary>A container as it is: the durable record. Changed only by replacing it, under its pod's lock.</summary>
internal sealed record ContainerRecord
{
    public required string Id { get; init; }

    public required string PodId { get; init; }

    public required PodOrigin Origin { get; init; }

    public required ContainerConfig Config { get; init; }

    public required ContainerState State { get; init; }

    /// <summary>Nanoseconds since the epoch; 0: not yet.</summary>
    public required long CreatedAt { get; init; }

    public long StartedAt { get; init; }

    public long FinishedAt { get; init; }

    public int ExitCode { get; init; }

    /// <summary>One of <see cref="ExitReasons"/>, or empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>A sentence for people, where there is one to say.</summary>
    public string Message { get; init; } = "";

    /// <summary>On the host; 0 when not running.</summary>
    public int Pid { get; init; }

    public ContainerImage Image { get; init; } = ContainerImage.None;

    /// <summary>The mounts that make the root file system, as the image service gave them.</summary>
    public IReadOnlyList<RootfsMount> Rootfs { get; init; } = [];

    /// <summary>Absolute; empty: no log is kept.</summary>
    public string LogPath { get; init; } = "";

    public int StopSignal { get; init; }

    public ContainerUser? User { get; init; }

    /// <summary>Running, and frozen.</summary>
    public bool Paused { get; init; }

    /// <summary>How often its restart policy has started it again since a person did.</summary>
    public uint RestartCount { get; init; }

    /// <summary>A person stopped it: its restart policy waits for the next start.</summary>
    public bool StoppedOnPurpose { get; init; }

    /// <summary>What was asked through suite.container.v1; null for a container of Kubernetes.</summary>
    public SoloSpec? Solo { get; init; }

    /// <summary>The name a person uses, or the one that Kubernetes gave.</summary>
    public string Name => Config.Name;

    /// <summary>Unique among containers: the key under which a repeated create finds its container.</summary>
    public string Key => Origin == PodOrigin.Suite ? Config.Name : KeyOf(PodId, Config.Name, Config.Attempt);

    public bool IsVisible => State.IsVisible();

    public static string KeyOf(string podId, string name, uint attempt) => $"{podId}/{name}/{attempt}";
}

/// <summary>The image a container was made from.</summary>
internal sealed record ContainerImage(string Id, string Reference, ImageDefaults Defaults)
{
    public static readonly ContainerImage None = new("", "", ImageDefaults.None);
}

/// <summary>What an image says about the processes started from it.</summary>
internal sealed record ImageDefaults
{
    public static readonly ImageDefaults None = new();

    public string User { get; init; } = "";

    public IReadOnlyList<string> Environment { get; init; } = [];

    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    public IReadOnlyList<string> Command { get; init; } = [];

    public string WorkingDirectory { get; init; } = "";

    /// <summary>Folders that are to be volumes.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>"80/tcp"</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>"SIGTERM"; empty: not said.</summary>
    public string StopSignal { get; init; } = "";

    /// <summary>With zeros for what it does not say.</summary>
    public HealthCheck? Health { get; init; }
}

/// <summary>One mount of a root file system, in the terms of mount(2).</summary>
internal sealed record RootfsMount(string Type, string Source, IReadOnlyList<string> Options);

/// <summary>Who a process is, in numbers.</summary>
internal sealed record ContainerUser(uint Uid, uint Gid, IReadOnlyList<uint> Groups);

/// <summary>Why a container is not running, in the words kubelet knows.</summary>
internal static class ExitReasons
{
    public const string Completed = "Completed";
    public const string Error = "Error";
    public const string OomKilled = "OOMKilled";
    public const string StartError = "StartError";
    public const string Unknown = "Unknown";

    public static string Of(int exitCode, bool oomKilled) => oomKilled ? OomKilled : exitCode == 0 ? Completed : Error;
}
