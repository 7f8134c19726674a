using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Suite.E2e.Tests.Registry;

namespace Suite.E2e.Tests.Pulls;

/// <summary>An image of some layers with known files, pushed over HTTP and no code of ours.</summary>
internal static class TestImage
{
    public const int Layers = 3;
    public const int FilesInLayer = 40;

    public static Task PushAsync(string registry, string repository, CancellationToken cancellationToken) =>
        PushAsync(registry, repository, [.. Enumerable.Range(0, Layers).Select(Archive)], cancellationToken);

    /// <summary>One layer of one file that does not compress.</summary>
    public static Task PushLargeAsync(string registry, string repository, byte[] content, CancellationToken cancellationToken)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "large") { DataStream = new MemoryStream(content) });
        return PushAsync(registry, repository, [archive.ToArray()], cancellationToken);
    }

    private static async Task PushAsync(string registry, string repository, byte[][] archives, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{registry}") };
        var (blobs, diffIds) = (new List<byte[]>(), new List<string>());
        foreach (var archive in archives)
        {
            diffIds.Add(Pushes.DigestOf(archive));
            using var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(archive);
            blobs.Add(compressed.ToArray());
        }

        var config = Encoding.UTF8.GetBytes(
            $$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[{{string.Join(',', diffIds.Select(d => $"\"{d}\""))}}] } }""");
        foreach (var blob in blobs.Append(config))
        {
            using var pushed = await Pushes.PushAsync(http, repository, blob, cancellationToken);
            pushed.EnsureSuccessStatusCode();
        }

        var manifest = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{Pushes.ManifestType}}",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{Pushes.DigestOf(config)}}","size":{{config.Length}}},
             "layers":[{{string.Join(',', blobs.Select(b => $$"""{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{Pushes.DigestOf(b)}}","size":{{b.Length}} }"""))}}]}
            """);
        using var body = new ByteArrayContent(manifest);
        body.Headers.ContentType = new(Pushes.ManifestType);
        using var put = await http.PutAsync($"/v2/{repository}/manifests/1", body, cancellationToken);
        put.EnsureSuccessStatusCode();
    }

    /// <summary>The content of a file, the same every time.</summary>
    public static byte[] Content(int layer, int file)
    {
        var content = new byte[2000 + (file * 10)];
        new Random((layer * 1000) + file).NextBytes(content);
        return content;
    }

    public static string Name(int layer, int file) => string.Create(CultureInfo.InvariantCulture, $"layer{layer}/file{file}");

    private static byte[] Archive(int layer)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            for (var file = 0; file < FilesInLayer; file++)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, Name(layer, file)) { DataStream = new MemoryStream(Content(layer, file)) });
        }

        return archive.ToArray();
    }

}
