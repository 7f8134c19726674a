using System.Text.Json;
using System.Text.Json.Serialization;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Oci.Serialization;

namespace Suite.Image.Archives;

/// <summary>One image of manifest.json, as <c>docker save</c> writes it.</summary>
internal sealed record DockerArchiveEntry
{
    [JsonPropertyName("Config")]
    public string? Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public IReadOnlyList<string>? RepoTags { get; init; }

    [JsonPropertyName("Layers")]
    public IReadOnlyList<string>? Layers { get; init; }
}

[JsonSerializable(typeof(DockerArchiveEntry[]))]
internal sealed partial class ArchiveJsonContext : JsonSerializerContext;

/// <summary>Reads manifest.json: files by their names in the archive, uncompressed as a rule. Nothing has a digest but the layers' content.</summary>
internal static class DockerArchive
{
    public const string Listing = "manifest.json";

    public static IReadOnlyList<DockerArchiveEntry> Entries(SpooledArchive archive)
    {
        if (!archive.Has(Listing)) return [];
        var entries = OciJson.Parse(
            archive.ReadAll(Listing, OciJson.MaxManifestBytes), ArchiveJsonContext.Default.DockerArchiveEntryArray, "manifest.json of the archive");
        return entries.All(e => e is { Config: not null, Layers: not null } && e.Layers.All(l => l is not null))
            ? entries
            : throw new SuiteException(ErrorKind.Corrupt, "The manifest.json of the archive has an image without Config or Layers.");
    }

    public static ArchivedImage Read(SpooledArchive archive, DockerArchiveEntry entry)
    {
        var raw = archive.ReadAll(entry.Config!, OciJson.MaxConfigBytes);
        return new ArchivedImage(
            raw, ImageConfig.Parse(raw, $"configuration {entry.Config} of the archive"), [.. entry.Layers!.Select(l => (archive.FileOf(l), (Digest?)null))], Tags(entry), null);
    }

    public static IReadOnlyList<Reference> Tags(DockerArchiveEntry entry) => [.. (entry.RepoTags ?? []).Select(Reference.Parse)];

    public static byte[] Write(DockerArchiveEntry[] entries) => JsonSerializer.SerializeToUtf8Bytes(entries, ArchiveJsonContext.Default.DockerArchiveEntryArray);
}
