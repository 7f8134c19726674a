using System.Buffers;
using Microsoft.AspNetCore.Http;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.References;
using Suite.Oci.Serialization;
using Suite.Registry.Catalog;
using Suite.Registry.Garbage;
using Suite.Registry.Locks;
using Suite.Registry.Upstreams;

namespace Suite.Registry.Distribution;

/// <summary>/v2/NAME/manifests/REFERENCE, where a reference is a tag or a digest.</summary>
internal sealed class ManifestRequests(
    Database database, ManifestIntake intake, ManifestRemoval removal, KeyedLock<Digest> digests, Renewals renewals, Pulls pulls, ManifestCache cache)
{
    // Ten must be possible; a header line for each accepted tag goes back.
    private const int MostTags = 64;

    public async Task GetAsync(HttpContext http, string repository, string reference)
    {
        var byDigest = Digest.TryParse(reference, out var digest);
        if (!byDigest)
            CheckTag(reference);
        if (await cache.FreshenAsync(repository, reference, http.RequestAborted).ConfigureAwait(false) is { } reason)
            http.Response.Headers.Warning = $"299 - \"the copy may be old: {reason.Replace('"', '\'')}\"";
        var manifest = byDigest
            ? await FindAsync(http, repository, digest!).ConfigureAwait(false)
            : database.Read(session => Manifests.Find(session, repository, reference));
        if (manifest is null)
        {
            throw database.Read(session => Repositories.Find(session, repository)) is null
                ? DistributionException.NoRepository(repository)
                : DistributionException.NoManifest(repository, reference);
        }

        if (HttpMethods.IsGet(http.Request.Method))
            pulls.Note(repository, manifest.Digest);
        if (!http.Response.TagContent(manifest.Digest))
            await http.Response.WriteContentAsync(manifest.Content, manifest.MediaType).ConfigureAwait(false);
    }

    public async Task PutAsync(HttpContext http, string repository, string reference)
    {
        var byDigest = Digest.TryParse(reference, out var digest);
        string[] tags = byDigest ? [.. http.Request.Query["tag"].OfType<string>().Select(CheckTag)] : [CheckTag(reference)];
        if (tags.Length > MostTags)
        {
            await http.Response.WriteErrorAsync(StatusCodes.Status414UriTooLong, ErrorCode.Unsupported, $"at most {MostTags} tags in one request").ConfigureAwait(false);
            return;
        }

        var content = await ReadAsync(http.Request).ConfigureAwait(false);
        if (content is null)
        {
            await http.Response.WriteErrorAsync(
                StatusCodes.Status413PayloadTooLarge, ErrorCode.SizeInvalid, $"a manifest may have {OciJson.MaxManifestBytes} bytes").ConfigureAwait(false);
            return;
        }

        var manifest = ManifestReader.Read(content, http.Request.ContentType, digest);
        await intake.StoreAsync(repository, manifest, tags, http.RequestAborted).ConfigureAwait(false);

        http.Response.Created($"/v2/{repository}/manifests/{manifest.Digest}", manifest.Digest);
        if (manifest.Subject is not null)
            http.Response.Headers["OCI-Subject"] = manifest.Subject.ToString();
        if (byDigest && tags.Length > 0)
            http.Response.Headers["OCI-Tag"] = tags;
    }

    public async Task DeleteAsync(HttpContext http, string repository, string reference)
    {
        await removal.RemoveAsync(repository, reference, http.RequestAborted).ConfigureAwait(false);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <summary>A HEAD before an index is pushed is a promise that the manifest stays, as for blobs.</summary>
    private async ValueTask<StoredManifest?> FindAsync(HttpContext http, string repository, Digest digest)
    {
        if (!HttpMethods.IsHead(http.Request.Method))
            return database.Read(session => Manifests.Find(session, repository, digest));
        using var held = await digests.EnterAsync(digest, http.RequestAborted).ConfigureAwait(false);
        var manifest = database.Read(session => Manifests.Find(session, repository, digest));
        if (manifest is not null)
            renewals.Renew(digest);
        return manifest;
    }

    private static string CheckTag(string reference)
    {
        if (ReferenceGrammar.IsTag(reference))
            return reference;
        throw reference.Contains(':', StringComparison.Ordinal)
            ? DistributionException.BadDigest(reference)
            : new DistributionException(ErrorKind.InvalidArgument, ErrorCode.ManifestInvalid, $"not a tag: {ReferenceGrammar.TagRule}");
    }

    /// <summary>Null when it is too large.</summary>
    private static async ValueTask<byte[]?> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > OciJson.MaxManifestBytes)
            return null;
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            var tooLarge = result.Buffer.Length > OciJson.MaxManifestBytes;
            if (tooLarge || result.IsCompleted)
            {
                var content = tooLarge ? null : result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return content;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
