using System.Net;
using System.Net.Http.Headers;
using Suite.Image.Registries.Hosts;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;
using Suite.Oci.Serialization;

namespace Suite.Image.Registries;

/// <summary>A manifest as it came: its bytes are its identity and are never written again from the parsed form.</summary>
internal sealed record FetchedManifest(Digest Digest, string MediaType, byte[] Content);

/// <summary>Fetches manifests and small blobs whole, verified.</summary>
internal static class ManifestFetch
{
    public static async Task<FetchedManifest> ManifestAsync(RegistrySession session, string selector, CancellationToken cancellationToken)
    {
        var what = Digest.TryParse(selector, out var wanted) ? $"{session.Reference.Repository}@{selector}" : $"{session.Reference.Repository}:{selector}";
        var (content, declared) = await ReadAsync(
            session, wanted is null ? HostCapabilities.Resolve : HostCapabilities.Pull, what, $"manifest of {what}", OciJson.MaxManifestBytes,
            endpoint => Request(endpoint, selector), cancellationToken).ConfigureAwait(false);
        var digest = Digest.Compute(content, wanted?.Algorithm ?? DigestAlgorithm.Sha256);
        if (wanted is not null && wanted != digest)
            throw new SuiteException(ErrorKind.Corrupt, $"The registry {session.Reference.Host} sent another manifest than {what}: its digest is {digest}.");
        if (declared is MediaTypes.DockerManifestSchema1 or MediaTypes.DockerManifestSchema1Signed)
            throw new SuiteException(ErrorKind.Unsupported, $"The manifest of {what} has Docker's schema 1, which is not supported: push the image again with a current tool.");
        var type = ManifestHead.Parse(content, $"manifest of {what}").ResolveMediaType() ?? declared;
        return new FetchedManifest(digest, type, content);
    }

    /// <summary>A blob that fits in memory, such as a configuration.</summary>
    public static async Task<byte[]> BlobAsync(RegistrySession session, Descriptor blob, int limit, CancellationToken cancellationToken)
    {
        var what = $"blob {blob.Digest} of {session.Reference.Familiar}";
        if (blob.Size > limit) throw new SuiteException(ErrorKind.Corrupt, $"The {what} has {blob.Size} bytes; {limit} are allowed.");
        var (content, _) = await ReadAsync(
            session, HostCapabilities.Pull, what, what, (int)blob.Size,
            endpoint => new HttpRequestMessage(HttpMethod.Get, endpoint.Uri($"blobs/{blob.Digest}")), cancellationToken).ConfigureAwait(false);
        if (content.Length != blob.Size)
            throw new SuiteException(ErrorKind.Corrupt, $"The {what} has {content.Length} bytes and not {blob.Size}.");
        var digest = Digest.Compute(content, blob.Digest.Algorithm);
        return digest == blob.Digest ? content : throw new SuiteException(ErrorKind.Corrupt, $"The {what} does not match its digest: it is {digest}.");
    }

    private static HttpRequestMessage Request(RegistryEndpoint endpoint, string selector)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Uri($"manifests/{selector}"));
        foreach (var type in MediaTypes.Manifests) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        return request;
    }

    /// <summary>The whole answer of the first host that gives one.</summary>
    private static async Task<(byte[] Content, string MediaType)> ReadAsync(
        RegistrySession session, HostCapabilities need, string what, string called, int limit, Func<RegistryEndpoint, HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (response, source) = await session.FetchAsync(need, what, make, cancellationToken).ConfigureAwait(false);
            using var _ = response;
            using var silence = session.Watch(source, cancellationToken);
            try
            {
                if (response.StatusCode != HttpStatusCode.OK) throw await session.FailureAsync(response, what, silence.Token).ConfigureAwait(false);
                return (await ReadAsync(response, limit, called, silence).ConfigureAwait(false), MediaTypes.Bare(response.Content.Headers.ContentType?.ToString() ?? ""));
            }
            catch (Exception e) when (silence.Explains(e))
            {
                if (!session.TryGiveUp(source, need)) throw silence.Error(what);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                if (!session.TryGiveUp(source, need)) throw session.Unreachable(source, e);
            }
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, string what, Patience silence)
    {
        await using var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        var content = new MemoryStream();
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0)
        {
            silence.Renew();
            if (content.Length + read > limit) throw new SuiteException(ErrorKind.Corrupt, $"The {what} is longer than {limit} bytes.");
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
