using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Suite.Linux.Errors;

namespace Suite.Oci.Images;

/// <summary>What an image runs on, in Go's names: <c>linux/amd64</c>, <c>linux/arm/v7</c> (image-spec image-index.md).</summary>
public sealed record Platform
{
    public required string Architecture { get; init; }

    public required string Os { get; init; }

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    public string? Variant { get; init; }

    /// <summary>This machine's.</summary>
    public static Platform Current { get; } = RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => new() { Os = "linux", Architecture = "amd64" },
        System.Runtime.InteropServices.Architecture.Arm64 => new() { Os = "linux", Architecture = "arm64", Variant = "v8" },
        System.Runtime.InteropServices.Architecture.Arm => new() { Os = "linux", Architecture = "arm", Variant = "v7" },
        var other => new() { Os = "linux", Architecture = other.ToString().ToLowerInvariant() },
    };

    /// <summary>Reads <c>os/architecture[/variant]</c>.</summary>
    public static Platform Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length is < 2 or > 3 || parts.Any(p => p.Length == 0))
            throw new SuiteException(ErrorKind.InvalidArgument, $"'{text}' is not a platform: write os/architecture, for example linux/amd64.");
        return new Platform { Os = parts[0], Architecture = parts[1], Variant = parts.Length == 3 ? parts[2] : null };
    }

    /// <summary>Whether an image for <paramref name="offered"/> runs here. arm64 has one variant in use, v8, that many leave out.</summary>
    public bool Accepts(Platform offered) =>
        Os == offered.Os && Architecture == offered.Architecture
        && (Variant is null || offered.Variant is null || Variant == offered.Variant);

    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
