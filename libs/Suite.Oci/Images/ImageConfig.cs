using System.Text.Json;
using System.Text.Json.Serialization;
using Suite.Linux.Errors;
using Suite.Oci.Serialization;

namespace Suite.Oci.Images;

/// <summary>The configuration of an image; its digest is the image's id (image-spec config.md).</summary>
public sealed record ImageConfig : IJsonOnDeserialized
{
    public DateTimeOffset? Created { get; init; }

    public string? Author { get; init; }

    public required string Architecture { get; init; }

    public required string Os { get; init; }

    public string? Variant { get; init; }

    public ContainerConfig? Config { get; init; }

    public required RootFs Rootfs { get; init; }

    public IReadOnlyList<HistoryEntry>? History { get; init; }

    /// <summary>What is not known here, so that an image built on this one keeps it.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; } // the generator cannot fill extension data through init

    public static ImageConfig Parse(ReadOnlySpan<byte> content, string what) =>
        OciJson.Parse(content, OciJsonContext.Default.ImageConfig, what);

    public byte[] ToJson() => OciJson.Write(this, OciJsonContext.Default.ImageConfig);

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Architecture is null || Os is null || Rootfs is null)
            throw new SuiteException(ErrorKind.Corrupt, "The image configuration lacks its architecture, os or rootfs.");
    }
}
