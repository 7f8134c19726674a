using Suite.Linux.Errors;
using Suite.Oci.Distribution;

namespace Suite.Registry.Distribution;

/// <summary>A refusal with its code of the distribution specification ("Error Codes"), which is finer than our kinds.</summary>
internal sealed class DistributionException(ErrorKind kind, string code, string message) : SuiteException(kind, message)
{
    public string Code { get; } = code;

    public static DistributionException BadName(string name) =>
        new(ErrorKind.InvalidArgument, ErrorCode.NameInvalid, $"'{Cut(name)}' is not a repository name");

    public static DistributionException BadDigest(string digest) =>
        new(ErrorKind.InvalidArgument, ErrorCode.DigestInvalid, $"'{Cut(digest)}' is not a sha256 or sha512 digest");

    public static DistributionException NoRepository(string name) =>
        new(ErrorKind.NotFound, ErrorCode.NameUnknown, $"repository {name} is not known to this registry");

    public static DistributionException NoManifest(string repository, string reference) =>
        new(ErrorKind.NotFound, ErrorCode.ManifestUnknown, $"repository {repository} has no manifest {Cut(reference)}");

    public static DistributionException NoBlob(string repository, string digest) =>
        new(ErrorKind.NotFound, ErrorCode.BlobUnknown, $"repository {repository} has no blob {digest}");

    public static DistributionException NoUpload(string id) =>
        new(ErrorKind.NotFound, ErrorCode.BlobUploadUnknown, $"upload {Cut(id)} is not known: it ended, expired or was never begun; begin a new one");

    public static DistributionException BadManifest(string why) => new(ErrorKind.InvalidArgument, ErrorCode.ManifestInvalid, why);

    // What a stranger sent is not echoed at length.
    private static string Cut(string text) => text.Length <= 128 ? text : text[..128] + "...";
}
