using System.Text.Json.Serialization;

namespace Suite.Runtime.Oci.Containers;

/// <summary>state.json: what one command leaves for the next.</summary>
internal sealed record ContainerRecord
{
    public required string Id { get; init; }

    public required string OciVersion { get; init; }

    public required string Bundle { get; init; }

    public required string Rootfs { get; init; }

    /// <summary>Below the root of each hierarchy.</summary>
    public required string CgroupPath { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>0 while the container is being made.</summary>
    public int Pid { get; init; }

    /// <summary>Of /proc/PID/stat: a pid alone may come again.</summary>
    public ulong StartTime { get; init; }

    /// <summary>Whether the first process is the first of a pid namespace, whose end ends all.</summary>
    public bool OwnPidNamespace { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
