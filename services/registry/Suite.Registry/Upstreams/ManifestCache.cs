using System.Collections.Concurrent;
using System.Net;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Suite.Oci.Serialization;
using Suite.Registry.Catalog;
using Suite.Registry.Distribution;
using Suite.Registry.Locks;

namespace Suite.Registry.Upstreams;

/// <summary>
/// Keeps copies of upstreams' manifests. A digest is fetched once; a tag is asked about again when its copy is no longer fresh, and
/// served as it is when the upstream cannot be asked.
/// </summary>
internal sealed class ManifestCache(UpstreamClients upstreams, Database database, TimeProvider time)
{
    private readonly KeyedLock<(string, string)> _turns = new();
    private readonly ConcurrentDictionary<(string, string), long> _checked = new();

    /// <summary>Sees to it that the copy here is what is to be served. Does nothing for repositories of our own.</summary>
    /// <returns>Why the copy may be old, or null.</returns>
    public async ValueTask<string?> FreshenAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        if (upstreams.Find(repository) is not var (upstream, name))
            return null;
        var key = (repository, reference);
        // Those who come meanwhile wait, and find what the first one fetched.
        using var turn = await _turns.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        var byDigest = Digest.TryParse(reference, out var digest);
        var known = database.Read(session => byDigest ? Manifests.Find(session, repository, digest!) : Manifests.Find(session, repository, reference))?.Digest;
        if (known is not null && (byDigest || (_checked.TryGetValue(key, out var last) && time.GetElapsedTime(last) < upstream.Freshness)))
            return null;
        try
        {
            if (known is null || !await IsStillAsync(upstream, name, reference, known, cancellationToken).ConfigureAwait(false))
                await FetchAsync(upstream, name, repository, reference, digest, cancellationToken).ConfigureAwait(false);
            _checked[key] = time.GetTimestamp();
            return null;
        }
        catch (SuiteException e) when (known is not null && e.Kind == ErrorKind.Unavailable)
        {
            return e.Message;
        }
    }

    private static async Task<bool> IsStillAsync(Upstream upstream, string name, string tag, Digest known, CancellationToken cancellationToken)
    {
        using var response = await upstream.SendAsync(HttpMethod.Head, name, $"manifests/{tag}", 0, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode && response.Headers.TryGetValues(Responses.ContentDigest, out var values) && values.FirstOrDefault() == known.ToString();
    }

    private async Task FetchAsync(Upstream upstream, string name, string repository, string reference, Digest? digest, CancellationToken cancellationToken)
    {
        using var response = await upstream.SendAsync(HttpMethod.Get, name, $"manifests/{reference}", 0, cancellationToken).ConfigureAwait(false);
        Check(response, repository, reference);
        var manifest = ManifestReader.Read(await ReadAsync(response, cancellationToken).ConfigureAwait(false), response.Content.Headers.ContentType?.ToString(), digest);
        await database.WriteAsync(
            session =>
            {
                var now = time.GetUtcNow().ToUnixNanoseconds();
                var id = Repositories.Ensure(session, repository);
                // What it refers to is fetched when somebody wants it.
                Manifests.Put(session, id, manifest, now);
                if (digest is null)
                    Tags.Set(session, id, reference, manifest.Digest, now);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(OciJson.MaxManifestBytes, cancellationToken).ConfigureAwait(false);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new SuiteException(ErrorKind.Unavailable, $"the upstream's manifest cannot be read: {e.Message}", e);
        }
    }

    private static void Check(HttpResponseMessage response, string repository, string reference)
    {
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
            throw DistributionException.NoManifest(repository, reference);
        if (!response.IsSuccessStatusCode)
            throw new SuiteException(ErrorKind.Unavailable, $"the upstream of {repository} answers {(int)response.StatusCode} {response.ReasonPhrase}");
    }
}
