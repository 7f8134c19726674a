using Microsoft.AspNetCore.Http;
using Suite.Linux.Errors;
using Suite.Oci.Distribution;
using Suite.Oci.References;
using Suite.Registry.Access;
using Suite.Registry.Blobs;

namespace Suite.Registry.Distribution;

/// <summary>/v2/NAME/blobs/uploads/: begin, add, finish, ask, cancel.</summary>
internal sealed class UploadRequests(UploadSessions sessions, BlobAdmission admission, AccessCheck access)
{
    public async Task BeginAsync(HttpContext http, string repository)
    {
        var query = http.Request.Query;
        var mount = query.TryGetValue("mount", out var wanted) ? ParseDigest(wanted) : null;
        if (mount is not null && await admission.MountAsync(repository, mount, query["from"], from => access.MayPull(http, from), http.RequestAborted).ConfigureAwait(false))
        {
            http.Response.Created(BlobLocation(repository, mount), mount);
            return;
        }

        var digest = query.TryGetValue("digest", out var given) ? ParseDigest(given) : null;
        var algorithm = digest?.Algorithm ?? ParseAlgorithm(query["digest-algorithm"]);
        using var turn = await sessions.BeginAsync(repository, algorithm, http.RequestAborted).ConfigureAwait(false);
        if (digest is null)
        {
            Describe(http.Response, turn, StatusCodes.Status202Accepted);
            return;
        }

        try
        {
            await AppendBodyAsync(http, turn).ConfigureAwait(false);
        }
        catch
        {
            // All in one request: nobody was told the upload's name, so nobody can take it up again.
            turn.Upload.Cancel();
            turn.End();
            throw;
        }

        await FinishAsync(http, turn, digest).ConfigureAwait(false);
    }

    public async Task PatchAsync(HttpContext http, UploadKey key)
    {
        using var turn = await ContinueAsync(key, http.RequestAborted).ConfigureAwait(false);
        if (!await IsNextAsync(http, turn).ConfigureAwait(false))
            return;
        await AppendBodyAsync(http, turn).ConfigureAwait(false);
        Describe(http.Response, turn, StatusCodes.Status202Accepted);
    }

    public async Task PutAsync(HttpContext http, UploadKey key)
    {
        var digest = ParseDigest(http.Request.Query["digest"]);
        using var turn = await ContinueAsync(key, http.RequestAborted).ConfigureAwait(false);
        if (!await IsNextAsync(http, turn).ConfigureAwait(false))
            return;
        await AppendBodyAsync(http, turn).ConfigureAwait(false);
        await FinishAsync(http, turn, digest).ConfigureAwait(false);
    }

    public async Task GetAsync(HttpContext http, UploadKey key)
    {
        using var turn = await ContinueAsync(key, http.RequestAborted).ConfigureAwait(false);
        Describe(http.Response, turn, StatusCodes.Status204NoContent);
    }

    public async Task CancelAsync(HttpContext http, UploadKey key)
    {
        using var turn = await ContinueAsync(key, http.RequestAborted).ConfigureAwait(false);
        turn.Upload.Cancel();
        turn.End();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async ValueTask<UploadSessions.Turn> ContinueAsync(UploadKey key, CancellationToken cancellationToken) =>
        await sessions.ContinueAsync(key, cancellationToken).ConfigureAwait(false) ?? throw DistributionException.NoUpload(key.Id);

    private async Task FinishAsync(HttpContext http, UploadSessions.Turn turn, Digest digest)
    {
        var repository = turn.Key.Repository;
        // The caller may go away now; a blob that is whole is kept all the same.
        if (await admission.AdmitAsync(repository, turn, digest, CancellationToken.None).ConfigureAwait(false))
        {
            http.Response.Created(BlobLocation(repository, digest), digest);
            return;
        }

        await http.Response.WriteErrorAsync(
            StatusCodes.Status400BadRequest, ErrorCode.DigestInvalid, $"the content does not have the digest {digest}: the upload is thrown away, begin a new one").ConfigureAwait(false);
    }

    /// <summary>Whether the chunk follows what is there; if not, 416 is written with the place to go on from.</summary>
    private static async ValueTask<bool> IsNextAsync(HttpContext http, UploadSessions.Turn turn)
    {
        var request = http.Request;
        if (ChunkRange.Parse(request.Headers.ContentRange) is not { } range)
            return true;
        if (request.ContentLength is { } length && length != range.Last - range.First + 1)
        {
            throw new DistributionException(
                ErrorKind.InvalidArgument, ErrorCode.SizeInvalid, $"Content-Range says {range.Last - range.First + 1} bytes and Content-Length {length}");
        }

        if (range.First == turn.Upload.Length)
            return true;
        Describe(http.Response, turn, StatusCodes.Status416RangeNotSatisfiable);
        await http.Response.WriteErrorAsync(
            StatusCodes.Status416RangeNotSatisfiable, ErrorCode.BlobUploadInvalid, $"the chunk begins at byte {range.First} and the upload stands at {turn.Upload.Length}").ConfigureAwait(false);
        return false;
    }

    private static async Task AppendBodyAsync(HttpContext http, UploadSessions.Turn turn)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted).ConfigureAwait(false);
            try
            {
                turn.Upload.Append(result.Buffer);
            }
            finally
            {
                reader.AdvanceTo(result.Buffer.End);
            }

            if (result.IsCompleted)
                return;
        }
    }

    private static void Describe(HttpResponse response, UploadSessions.Turn turn, int status)
    {
        response.StatusCode = status;
        response.Headers.Location = $"/v2/{turn.Key.Repository}/blobs/uploads/{turn.Key.Id}";
        // An empty upload has no last byte, but clients parse two numbers (distribution-spec conformance): 0-0.
        response.Headers.Range = $"0-{Math.Max(0, turn.Upload.Length - 1)}";
        response.Headers["Docker-Upload-UUID"] = turn.Key.Id;
    }

    private static string BlobLocation(string repository, Digest digest) => $"/v2/{repository}/blobs/{digest}";

    private static Digest ParseDigest(string? text) =>
        Digest.TryParse(text, out var digest) ? digest : throw DistributionException.BadDigest(text ?? "");

    private static DigestAlgorithm ParseAlgorithm(string? name) => name switch
    {
        null or "" or "sha256" => DigestAlgorithm.Sha256,
        "sha512" => DigestAlgorithm.Sha512,
        _ => throw new DistributionException(ErrorKind.InvalidArgument, ErrorCode.DigestInvalid, "digest-algorithm must be sha256 or sha512"),
    };
}
