using System.Net;
using System.Net.Http.Headers;
using Suite.Image.Registries.Hosts;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Registries;

/// <summary>
/// Streams a blob and verifies it on the way. A connection that breaks is taken up again where it broke, as long as each attempt
/// brings something.
/// </summary>
internal sealed class BlobDownload(RegistrySession session, Descriptor blob, TimeSpan timeout)
{
    private const int BufferSize = 128 * 1024;
    private const int MaxFruitless = 3;

    private string What => $"layer {blob.Digest} of {session.Reference.Familiar}";

    /// <param name="take">Gets each piece in order. What it was given before an error is worthless.</param>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellationToken)
    {
        using var hasher = new DigestHasher(blob.Digest.Algorithm);
        var buffer = new byte[BufferSize];
        long position = 0;
        var fruitless = 0;
        while (true)
        {
            var before = position;
            using var patience = new Patience(timeout, session.Reference.Host, cancellationToken);
            try
            {
                using var response = await OpenAsync(position, patience.Token).ConfigureAwait(false);
                await using var body = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
                int read;
                while ((read = await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false)) > 0)
                {
                    position += read;
                    if (position > blob.Size) throw Wrong($"is longer than the {blob.Size} bytes that its manifest says");
                    hasher.Append(buffer.AsSpan(0, read));
                    await take(buffer.AsMemory(0, read)).ConfigureAwait(false);
                    patience.Renew();
                }

                break;
            }
            catch (Exception e) when (patience.Explains(e))
            {
                throw patience.Error(What);
            }
            catch (Exception e) when (e is HttpIOException or HttpRequestException or IOException { InnerException: System.Net.Sockets.SocketException })
            {
                fruitless = position > before ? 0 : fruitless + 1;
                if (fruitless == MaxFruitless) throw session.Unreachable(e);
            }
        }

        if (position != blob.Size) throw Wrong($"has {position} bytes and not the {blob.Size} that its manifest says");
        var digest = hasher.Finish();
        if (digest != blob.Digest) throw Wrong($"does not match its digest: the content is {digest}");
    }

    private async Task<HttpResponseMessage> OpenAsync(long position, CancellationToken cancellationToken)
    {
        var response = await session.SendAsync(
            HostCapabilities.Pull,
            endpoint =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Uri($"blobs/{blob.Digest}"));
                if (position > 0) request.Headers.Range = new RangeHeaderValue(position, null);
                return request;
            },
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == (position > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
            && (position == 0 || response.Content.Headers.ContentRange?.From == position))
            return response;
        using (response)
        {
            throw response.IsSuccessStatusCode
                ? new SuiteException(ErrorKind.Unavailable, $"The connection to the registry {session.Reference.Host} broke within the {What}, and the registry cannot resume: try again.")
                : await session.FailureAsync(response, What, cancellationToken).ConfigureAwait(false);
        }
    }

    private SuiteException Wrong(string how) => new(ErrorKind.Corrupt, $"The {What} {how}: the registry's copy is damaged.");
}
