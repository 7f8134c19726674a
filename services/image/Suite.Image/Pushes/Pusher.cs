using System.Net;
using System.Net.Http.Headers;
using Suite.Image.Blobs;
using Suite.Image.Builds.Outputs;
using Suite.Image.Images;
using Suite.Image.Journals;
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
internal sealed class Pusher(RegistryClient registries, BlobStore blobs, ImageDatabase database, ImageJournal journal)
{
    public async Task<PushOutcome> PushAsync(Reference name, Credentials credentials, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(name, credentials, tell, cancellationToken).ConfigureAwait(false);
        journal.RecordTransfer(ImageActions.Push, outcome.Reference, database.Read(s => ImageFinder.Find(s, outcome.Reference.ToString())));
        return outcome;
    }

    private async Task<PushOutcome> SendAsync(Reference name, Credentials credentials, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        var reference = name.Canonical();
        var (image, manifests, index) = database.Read(s =>
        {
            var found = ImageFinder.Get(s, reference.ToString());
            return (found, ImageQueries.Manifests(s, found.Id.ToString()), ImageIndexes.Find(s, reference.ToString()));
        });
        if (index is not null) return await PushIndexAsync(reference, image, index, credentials, tell, cancellationToken).ConfigureAwait(false);
        using var hold = blobs.Hold([.. image.Layers.Select(l => l.Blob.Digest)]);
        var (manifest, layers) = CompleteManifest.Find(blobs, manifests, reference.Familiar);
        tell(new ResolvedEvent(reference, manifest.Digest, [.. layers.Select(l => l.Digest)]));

        var mountFrom = MountSource(image, reference);
        var session = registries.OpenForPush(reference, credentials, mountFrom);
        await SendImageAsync(session, image, layers, mountFrom, tell, cancellationToken).ConfigureAwait(false);
        await SendManifestAsync(session, manifest, session.Reference.Selector, cancellationToken).ConfigureAwait(false);
        return await RecordAsync(reference, image, manifest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Images of several platforms, built here under one name: each by its digest, and last the index that names them.</summary>
    private async Task<PushOutcome> PushIndexAsync(
        Reference reference, ImageRecord main, byte[] content, Credentials credentials, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        var images = ImageIndex.Parse(content, $"index of {reference.Familiar}").Manifests.Select(m => database.Read(s => ImageQueries.ByManifest(s, m.Digest))
            ?? throw new SuiteException(ErrorKind.FailedPrecondition, $"One of the images of {reference.Familiar} was removed: build it again.")).ToArray();
        using var hold = blobs.Hold([.. images.SelectMany(i => i.Image.Layers).Select(l => l.Blob.Digest)]);
        tell(new ResolvedEvent(reference, Digest.Compute(content), [.. images.SelectMany(i => i.Image.Layers).Select(l => l.Blob.Digest).Distinct()]));
        var session = registries.OpenForPush(reference, credentials, null);
        foreach (var (image, manifest) in images)
        {
            var layers = Manifest.Parse(manifest.Content, $"manifest of {reference.Familiar}").Layers;
            await SendImageAsync(session, image, layers, null, tell, cancellationToken).ConfigureAwait(false);
            await SendManifestAsync(session, manifest, manifest.Digest.ToString(), cancellationToken).ConfigureAwait(false);
        }

        var index = new NewManifest(Digest.Compute(content), MediaTypes.OciIndex, content);
        await SendManifestAsync(session, index, session.Reference.Selector, cancellationToken).ConfigureAwait(false);
        return await RecordAsync(reference, main, index, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PushOutcome> RecordAsync(Reference reference, ImageRecord image, NewManifest manifest, CancellationToken cancellationToken)
    {
        await database.WriteAsync(s => { ImageChanges.AddDigest(s, reference, manifest.Digest, image.Id.ToString()); }, cancellationToken).ConfigureAwait(false);
        database.Flush();
        return new PushOutcome(reference, manifest.Digest, manifest.Content.Length);
    }

    private async Task SendImageAsync(
        RegistrySession session, ImageRecord image, IReadOnlyList<Descriptor> layers, string? mountFrom, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        foreach (var layer in layers.DistinctBy(l => l.Digest))
            await SendAsync(session, layer.Digest, layer.Size, () => blobs.Open(layer.Digest), mountFrom, tell, cancellationToken).ConfigureAwait(false);
        await SendAsync(session, image.Id, image.RawConfig.Length, () => new MemoryStream(image.RawConfig, writable: false), mountFrom, tell, cancellationToken)
            .ConfigureAwait(false);
    }

    private static async Task SendAsync(
        RegistrySession session, Digest digest, long size, Func<Stream> open, string? mountFrom, Action<TransferEvent> tell, CancellationToken cancellationToken)
    {
        tell(new BlobEvent(digest, TransferState.Waiting, 0, size));
        var sent = await new BlobUpload(session).RunAsync(
            digest, open, mountFrom, at => tell(new BlobEvent(digest, TransferState.Uploading, at, size)), cancellationToken).ConfigureAwait(false);
        tell(new BlobEvent(digest, sent ? TransferState.Done : TransferState.Exists, size, size));
    }

    private static async Task SendManifestAsync(RegistrySession session, NewManifest manifest, string selector, CancellationToken cancellationToken)
    {
        var what = $"manifest of {session.Reference.Familiar}";
        using var response = await session.SendAsync(
            HostCapabilities.Push,
            what,
            (endpoint, _) => new HttpRequestMessage(HttpMethod.Put, endpoint.Uri($"manifests/{selector}"))
            {
                Content = new ByteArrayContent(manifest.Content) { Headers = { ContentType = new MediaTypeHeaderValue(manifest.MediaType) } },
            },
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Created)
            throw await session.FailureAsync(response, what, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Another repository of this registry that the image is known from.</summary>
    private static string? MountSource(ImageRecord image, Reference target) =>
        image.Digests.Select(Reference.Parse).FirstOrDefault(r => r.Host == target.Host && r.Repository != target.Repository)?.Repository;
}
