using System.Net;
using System.Net.Http.Headers;
using Suite.Image.Registries.Hosts;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Registries;

/// <summary>
/// Streams a blob and verifies it on the way. A connection that breaks is taken up again where it broke, as long as each attempt
/// brings something; a mirror that breaks off or falls silent is left for the next host at the same place.
/// </summary>
internal sealed class BlobDownload(RegistrySession session, Descriptor blob)
{
    private const int BufferSize = 128 * 1024;
    private const int MaxFruitless = 3;

    private readonly HashSet<RegistryEndpoint> _sources = [];

    private string What => $"layer {blob.Digest} of {session.Reference.Familiar}";

    /// <param name="begun">The blob's first bytes, from an attempt before this one; read to its end. The digest is of all.</param>
    /// <param name="take">Gets each piece in order, those of <paramref name="begun"/> too. What it was given before an error is worthless.</param>
    public async Task RunAsync(Stream begun, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellationToken)
    {
        _sources.Clear();
        using var hasher = new DigestHasher(blob.Digest.Algorithm);
        var buffer = new byte[BufferSize];
        long position = 0;
        int read;
        while ((read = await begun.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0) await TakeAsync(read).ConfigureAwait(false);

        var fruitless = 0;
        for (var ended = position > 0 && position == blob.Size; !ended;)
        {
            var before = position;
            var (response, source) = await OpenAsync(position, cancellationToken).ConfigureAwait(false);
            using var _ = response;
            using var silence = session.Watch(source, cancellationToken);
            _sources.Add(source);
            try
            {
                await using var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
                // A host that knows no ranges begins again, and what is here already is left out.
                for (var known = response.StatusCode == HttpStatusCode.PartialContent ? 0 : position; known > 0; known -= read)
                {
                    read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(known, buffer.Length)), silence.Token).ConfigureAwait(false);
                    if (read == 0) throw Wrong($"ended before the {position} bytes that had come of it");
                    silence.Renew();
                }

                while ((read = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0)
                {
                    await TakeAsync(read).ConfigureAwait(false);
                    silence.Renew();
                }

                ended = true;
            }
            catch (Exception e) when (silence.Explains(e))
            {
                if (!session.TryGiveUp(source, HostCapabilities.Pull)) throw silence.Error(What);
            }
            catch (Exception e) when (e is HttpIOException or HttpRequestException or IOException { InnerException: System.Net.Sockets.SocketException })
            {
                fruitless = position > before ? 0 : fruitless + 1;
                if (fruitless < MaxFruitless) continue;
                if (!session.TryGiveUp(source, HostCapabilities.Pull)) throw session.Unreachable(source, e);
                fruitless = 0;
            }
        }

        if (position != blob.Size) throw Wrong($"has {position} bytes and not the {blob.Size} that its manifest says");
        var digest = hasher.Finish();
        if (digest != blob.Digest) throw Wrong($"does not match its digest: the content is {digest}");

        ValueTask TakeAsync(int length)
        {
            position += length;
            if (position > blob.Size) throw Wrong($"is longer than the {blob.Size} bytes that its manifest says");
            hasher.Append(buffer.AsSpan(0, length));
            return take(buffer.AsMemory(0, length));
        }
    }

    /// <summary>To be called when what came turned out to be wrong. True when another attempt would ask somebody else.</summary>
    public bool DistrustSources() => _sources.Count(s => session.TryGiveUp(s, HostCapabilities.Pull)) > 0;

    private async Task<(HttpResponseMessage Response, RegistryEndpoint Source)> OpenAsync(long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (response, source) = await session.FetchAsync(
                HostCapabilities.Pull,
                What,
                endpoint =>
                {
                    var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Uri($"blobs/{blob.Digest}"));
                    if (position > 0) request.Headers.Range = new RangeHeaderValue(position, null);
                    return request;
                },
                cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK) return (response, source);
            if (response.StatusCode == HttpStatusCode.PartialContent && position > 0 && response.Content.Headers.ContentRange?.From == position) return (response, source);
            using var _ = response;
            if (session.TryGiveUp(source, HostCapabilities.Pull)) continue;
            throw response.IsSuccessStatusCode
                ? new SuiteException(ErrorKind.Unavailable, $"The registry {session.Reference.Host} answered with another part of the {What} than the one it was asked for: try again.")
                : await session.FailureAsync(response, What, cancellationToken).ConfigureAwait(false);
        }
    }

    private SuiteException Wrong(string how) => new(ErrorKind.Corrupt, $"The {What} {how}: the registry's copy is damaged.");
}
