using System.Text.Json.Serialization;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Filters;

/// <summary>
/// A profile in Docker's format: config.json's, with rules that hold only for some architectures, capabilities or kernels. A
/// profile of config.json is one too, without conditions.
/// </summary>
internal sealed record DockerProfile
{
    public string DefaultAction { get; init; } = "";

    public uint? DefaultErrnoRet { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<DockerArchitecture>? ArchMap { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public string? ListenerPath { get; init; }

    public string? ListenerMetadata { get; init; }

    public IReadOnlyList<DockerRule>? Syscalls { get; init; }
}

/// <summary>What else a machine of one architecture runs.</summary>
internal sealed record DockerArchitecture
{
    public string Architecture { get; init; } = "";

    public IReadOnlyList<string>? SubArchitectures { get; init; }
}

internal sealed record DockerRule
{
    /// <summary>The former way to name one call.</summary>
    public string? Name { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public string Action { get; init; } = "";

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<SeccompArgument>? Args { get; init; }

    /// <summary>All of it must hold.</summary>
    public DockerCondition? Includes { get; init; }

    /// <summary>None of it may hold.</summary>
    public DockerCondition? Excludes { get; init; }
}

internal sealed record DockerCondition
{
    /// <summary>Names of GOARCH: amd64, arm64.</summary>
    public IReadOnlyList<string>? Arches { get; init; }

    public IReadOnlyList<string>? Caps { get; init; }

    /// <summary>Version of the kernel, for example 4.8.</summary>
    public string? MinKernel { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DockerProfile))]
internal sealed partial class DockerJson : JsonSerializerContext;
