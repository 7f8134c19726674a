using System.Buffers;
using System.Net;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Suite.Registry.Blobs;
using Suite.Registry.Catalog;

namespace Suite.Registry.Upstreams;

/// <summary>Moves the bytes of one blob from an upstream into an upload, going on where a broken connection left off.</summary>
internal sealed class BlobTransfer(Database database, IBlobStore store, BlobAdmission admission)
{
    private const int BufferSize = 256 * 1024;
    private const int MostTries = 3;

    // An upstream that sends nothing for so long has forgotten us.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    /// <summary>Where the bytes come from: the answer at hand, and whom to ask for the rest.</summary>
    internal sealed record Source(Upstream Upstream, string Name, HttpResponseMessage Response);

    public IBlobContent? OpenStored(string repository, Digest digest) =>
        database.Read(session => BlobLinks.Find(session, repository, digest)) is null ? null : store.Open(digest);

    public async Task RunAsync(
        Source source, string repository, Digest digest, Download download, UploadSessions.Turn turn, CancellationToken cancellationToken)
    {
        var response = source.Response;
        try
        {
            for (var tries = 1; ; tries++)
            {
                var before = turn.Upload.Length;
                try
                {
                    await CopyAsync(response, turn.Upload, download, cancellationToken).ConfigureAwait(false);
                    if (turn.Upload.Length == download.Length)
                        break;
                    throw new SuiteException(ErrorKind.Unavailable, $"the upstream ended blob {digest} at byte {turn.Upload.Length} of {download.Length}");
                }
                catch (Exception e) when (IsPassing(e) && !cancellationToken.IsCancellationRequested && (tries < MostTries || turn.Upload.Length > before))
                {
                    response.Dispose();
                    response = await source.Upstream.SendAsync(HttpMethod.Get, source.Name, $"blobs/{digest}", turn.Upload.Length, cancellationToken).ConfigureAwait(false);
                    if (turn.Upload.Length > 0 && response.StatusCode != HttpStatusCode.PartialContent)
                        throw new SuiteException(ErrorKind.Unavailable, $"the upstream cannot go on with blob {digest} at byte {turn.Upload.Length}: {e.Message}", e);
                }
            }

            if (!await admission.AdmitAsync(repository, turn, digest, cancellationToken).ConfigureAwait(false))
                throw new SuiteException(ErrorKind.Corrupt, $"the upstream sent something else than blob {digest}");
        }
        catch
        {
            turn.Upload.Cancel();
            turn.End();
            throw;
        }
        finally
        {
            response.Dispose();
        }
    }

    private static bool IsPassing(Exception e) => e is SuiteException { Kind: ErrorKind.Unavailable };

    /// <summary>What breaks here is the network; what breaks in a write is our disk, and asking once more does not mend that.</summary>
    private static async ValueTask<int> ReadAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(Silence, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            throw new SuiteException(ErrorKind.Unavailable, $"the upstream broke off: {e.Message}", e);
        }
    }

    private static async Task CopyAsync(HttpResponseMessage response, IBlobUpload upload, Download download, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await ReadAsync(stream, buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (upload.Length + read > download.Length)
                    throw new SuiteException(ErrorKind.Corrupt, $"the upstream sends more than the {download.Length} bytes that it announced");
                upload.Append(new ReadOnlySequence<byte>(buffer, 0, read));
                download.Advance(upload.Length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
