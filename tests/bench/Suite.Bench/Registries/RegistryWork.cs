using System.Security.Cryptography;
using System.Text;
using Suite.Linux.Errors;

namespace Suite.Bench.Registries;

/// <summary>What a client does with a registry, request by request.</summary>
internal static class RegistryWork
{
    public const string Repository = "bench/app";

    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    public static void Push(RawClient client, (byte[] First, string Digest) blob, byte[] rest)
    {
        var location = Expect(client.Send("POST", $"/v2/{Repository}/blobs/uploads/"), 202).Location!;
        Expect(client.Send("PUT", PutPath(location, blob.Digest), blob.First, rest, "Content-Type: application/octet-stream\r\n"), 201);
    }

    public static void Pull(RawClient client, string digest) => Expect(client.Send("GET", $"/v2/{Repository}/blobs/{digest}"), 200);

    public static void PullManifest(RawClient client, string tag) =>
        Expect(client.Send("GET", $"/v2/{Repository}/manifests/{tag}", headers: $"Accept: {ManifestType}\r\n"), 200);

    /// <summary>An image of a small configuration and one layer, which must be there.</summary>
    public static void PushManifest(RawClient client, string tag, string layer, int layerSize)
    {
        var config = Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","config":{"Labels":{"tag":"{{{tag}}}"}},"rootfs":{"type":"layers","diff_ids":[]}}""");
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(config));
        Push(client, (config[..8], digest), config[8..]);
        var manifest = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{digest}}","size":{{config.Length}}},
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{layer}}","size":{{layerSize}}}]}
            """);
        Expect(client.Send("PUT", $"/v2/{Repository}/manifests/{tag}", manifest, headers: $"Content-Type: {ManifestType}\r\n"), 201);
    }

    /// <summary>The path of a Location, which may be a whole URL, with the digest.</summary>
    public static string PutPath(string location, string digest)
    {
        var path = location.StartsWith("http", StringComparison.Ordinal) ? new Uri(location).PathAndQuery : location;
        return $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={digest}";
    }

    private static (int Status, string? Location, long Length) Expect((int Status, string? Location, long Length) answer, int status) =>
        answer.Status == status ? answer : throw new SuiteException(ErrorKind.Internal, $"the registry answered {answer.Status} instead of {status}");
}
