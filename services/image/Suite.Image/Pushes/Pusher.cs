using System.Net;
using System.Net.Http.Headers;
using Suite.Image.Blobs;
using Suite.Image.Images;
using Suite.Image.Pulls;
using Suite.Image.Records;
using Suite.Image.Registries;
using Suite.Image.Registries.Hosts;
using Suite.Linux.Errors;
using Suite.Oci.Images;
using Suite.Oci.References;

namespace Suite.Image.Pushes;

/// <summary>How a push ended.</summary>
internal sealed record PushOutcome(Reference Reference, Digest Digest, long Size);

/// <summary>Sends an image to the registry in its name: layers, configuration, and the manifest last, so that it never dangles.</summary>
internal sealed class Pusher(RegistryClient registries, BlobStore blobs, ImageDatabase database)
{
    public async Task<PushOutcome> PushAsync(Reference name, Credentials credentials, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        var reference = name.Canonical();
        var (image, manifests) = database.Read(s =>
        {
            var found = ImageFinder.Get(s, reference.ToString());
            return (found, ImageQueries.Manifests(s, found.Id.ToString()));
        });
        using var hold = blobs.Hold([.. image.Layers.Select(l => l.Blob.Digest)]);
        var (manifest, layers) = CompleteManifest.Find(blobs, manifests, reference.Familiar);
        tell(new ResolvedEvent(reference, manifest.Digest, [.. layers.Select(l => l.Digest)]));

        var mountFrom = MountSource(image, reference);
        var session = registries.OpenForPush(reference, credentials, mountFrom);
        foreach (var layer in layers.DistinctBy(l => l.Digest))
            await SendAsync(session, layer.Digest, layer.Size, () => blobs.Open(layer.Digest), mountFrom, tell, cancellationToken).ConfigureAwait(false);
        await SendAsync(session, image.Id, image.RawConfig.Length, () => new MemoryStream(image.RawConfig, writable: false), mountFrom, tell, cancellationToken)
            .ConfigureAwait(false);
        await SendManifestAsync(session, manifest, cancellationToken).ConfigureAwait(false);
        await database.WriteAsync(s => { ImageChanges.AddDigest(s, reference, manifest.Digest, image.Id.ToString()); }, cancellationToken).ConfigureAwait(false);
        database.Flush();
        return new PushOutcome(reference, manifest.Digest, manifest.Content.Length);
    }

    private static async Task SendAsync(
        RegistrySession session, Digest digest, long size, Func<Stream> open, string? mountFrom, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        tell(new BlobEvent(digest, TransferState.Waiting, 0, size));
        var sent = await new BlobUpload(session).RunAsync(
            digest, open, mountFrom, at => tell(new BlobEvent(digest, TransferState.Uploading, at, size)), cancellationToken).ConfigureAwait(false);
        tell(new BlobEvent(digest, sent ? TransferState.Done : TransferState.Exists, size, size));
    }

    private static async Task SendManifestAsync(RegistrySession session, NewManifest manifest, CancellationToken cancellationToken)
    {
        using var response = await session.SendAsync(
            HostCapabilities.Push,
            endpoint => new HttpRequestMessage(HttpMethod.Put, endpoint.Uri($"manifests/{session.Reference.Selector}"))
            {
                Content = new ByteArrayContent(manifest.Content) { Headers = { ContentType = new MediaTypeHeaderValue(manifest.MediaType) } },
            },
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Created)
            throw await session.FailureAsync(response, $"manifest of {session.Reference.Familiar}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Another repository of this registry that the image is known from.</summary>
    private static string? MountSource(ImageRecord image, Reference target) =>
        image.Digests.Select(Reference.Parse).FirstOrDefault(r => r.Host == target.Host && r.Repository != target.Repository)?.Repository;
}
