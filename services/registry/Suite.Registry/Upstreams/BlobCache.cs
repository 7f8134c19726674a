using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Suite.Registry.Blobs;
using Suite.Registry.Distribution;
using Suite.Registry.Locks;
using Suite.Registry.Measurements;

namespace Suite.Registry.Upstreams;

/// <summary>Fetches blobs of upstreams into the store. Who asks for one that is under way reads along.</summary>
internal sealed partial class BlobCache(
    UpstreamClients upstreams, UploadSessions sessions, BlobTransfer transfer, RegistryMetrics metrics, IHostApplicationLifetime lifetime, ILogger<BlobCache> logger)
{
    private readonly KeyedLock<(string, Digest)> _turns = new();
    private readonly Dictionary<(string, Digest), Download> _downloads = [];

    /// <summary>How long the blob is there. Null for a repository of our own, or when there is no such blob.</summary>
    public async ValueTask<long?> LengthAsync(string repository, Digest digest, CancellationToken cancellationToken)
    {
        if (upstreams.Find(repository) is not var (upstream, name))
            return null;
        using var response = await upstream.SendAsync(HttpMethod.Head, name, $"blobs/{digest}", 0, cancellationToken).ConfigureAwait(false);
        return IsThere(response, repository) ? response.Content.Headers.ContentLength : null;
    }

    /// <summary>Opens the blob while it is fetched, by this call or by an earlier one. Null as above.</summary>
    public async ValueTask<IBlobContent?> OpenAsync(string repository, Digest digest, CancellationToken cancellationToken)
    {
        if (upstreams.Find(repository) is not var (upstream, name))
            return null;
        var key = (repository, digest);
        using var turn = await _turns.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        lock (_downloads)
        {
            if (_downloads.TryGetValue(key, out var running) && running.TryJoin() is { } joined)
                return joined;
        }

        // It may have been stored between the caller's look and this turn.
        if (transfer.OpenStored(repository, digest) is { } stored)
            return stored;
        return await BeginAsync(upstream, name, key, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IBlobContent?> BeginAsync(Upstream upstream, string name, (string Repository, Digest Digest) key, CancellationToken cancellationToken)
    {
        var (repository, digest) = key;
        var response = await upstream.SendAsync(HttpMethod.Get, name, $"blobs/{digest}", 0, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!IsThere(response, repository))
            {
                response.Dispose();
                return null;
            }

            var length = response.Content.Headers.ContentLength
                ?? throw new SuiteException(ErrorKind.Unavailable, $"the upstream of {repository} does not say how long blob {digest} is");
            var upload = await sessions.BeginAsync(repository, digest.Algorithm, cancellationToken).ConfigureAwait(false);
            var download = new Download(digest, length, upload.Upload.Share());
            var reader = download.TryJoin();
            lock (_downloads)
                _downloads[key] = download;
            // Not the caller's token: who goes away leaves the others, and the store, their copy.
            _ = Task.Run(() => RunAsync(new BlobTransfer.Source(upstream, name, response), key, download, upload), CancellationToken.None);
            return reader;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task RunAsync(BlobTransfer.Source source, (string Repository, Digest Digest) key, Download download, UploadSessions.Turn upload)
    {
        try
        {
            using (upload)
                await transfer.RunAsync(source, key.Repository, key.Digest, download, upload, lifetime.ApplicationStopping).ConfigureAwait(false);
            download.Complete();
            metrics.Downloaded(whole: true);
        }
        catch (Exception e)
        {
            Failed(e, key.Digest.ToString(), key.Repository, e.Message);
            download.Fail(e);
            metrics.Downloaded(whole: false);
        }
        finally
        {
            lock (_downloads)
                _downloads.Remove(key);
            download.Leave();
        }
    }

    private static bool IsThere(HttpResponseMessage response, string repository)
    {
        if (response.IsSuccessStatusCode)
            return true;
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
            return false;
        throw new SuiteException(ErrorKind.Unavailable, $"the upstream of {repository} answers {(int)response.StatusCode} {response.ReasonPhrase}");
    }

    [LoggerMessage(LogLevel.Warning, "Blob {Digest} of {Repository} did not come from its upstream: {Reason}")]
    private partial void Failed(Exception exception, string digest, string repository, string reason);
}
