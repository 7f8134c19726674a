using Google.Protobuf;
using Grpc.Core;
using Suite.Graph.V1;
using Suite.Image.Builds.Cache;
using Suite.Image.Images;
using Suite.Image.Journals;
using Suite.Image.Pulls;
using Suite.Image.Pushes;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.References;
using GraphImages = Suite.Graph.V1.Images;
using Platform = Suite.Oci.Images.Platform;

namespace Suite.Image.Endpoints;

/// <summary>suite.graph.v1.Images: images for people and programs that are not kubelet.</summary>
internal sealed class ImagesEndpoint(
    ImageDatabase database, Puller puller, Pusher pusher, ImageTagging tagging, ImageRemoval removal, BuildCall build, ArchiveCalls archives,
    ImagePruning pruning, CachePruning buildPruning, FilesystemUsage usage, ShortNames names, ImageJournal journal, TimeProvider time)
    : GraphImages.ImagesBase
{
    public override Task<ListResponse> List(ListRequest request, ServerCallContext context)
    {
        var response = new ListResponse();
        var images = database.Read(ImageQueries.All);
        response.Images.AddRange(images.Where(i => Matches(i, request.Reference)).Select(GraphMapping.ToInfo));
        return Task.FromResult(response);
    }

    public override Task<InspectResponse> Inspect(InspectRequest request, ServerCallContext context)
    {
        var image = database.Read(s => ImageFinder.Get(s, names.Here(Named(request.Image))));
        return Task.FromResult(new InspectResponse
        {
            Image = GraphMapping.ToInfo(image), RawConfig = ByteString.CopyFrom(image.RawConfig), LayerSizes = { image.Layers.Select(l => l.Usage.Bytes) },
        });
    }

    public override async Task Pull(PullRequest request, IServerStreamWriter<PullResponse> responses, ServerCallContext context)
    {
        var called = Named(request.Reference);
        var platform = request.Platform.Length == 0 ? Platform.Current : Platform.Parse(request.Platform);
        var relay = new EventRelay<PullResponse>(
            responses, e => e is ResolvedEvent r ? new PullResponse { Resolved = GraphMapping.ToResolved(r) } : new PullResponse { Blob = GraphMapping.ToProgress((BlobEvent)e) });
        var outcome = await relay.RunAsync(
            tell => names.TryAsync(called, r => puller.PullAsync(r, GraphMapping.ToCredentials(request.Auth, r, called), platform, tell, context.CancellationToken)),
            time, context.CancellationToken).ConfigureAwait(false);
        var result = new PullResult { Image = GraphMapping.ToInfo(outcome.Image), Digest = outcome.Digest.ToString(), Downloaded = outcome.Downloaded };
        await responses.WriteAsync(new PullResponse { Result = result }, context.CancellationToken).ConfigureAwait(false);
    }

    public override async Task Push(PushRequest request, IServerStreamWriter<PushResponse> responses, ServerCallContext context)
    {
        var reference = Reference.Parse(names.Here(Named(request.Reference)));
        var relay = new EventRelay<PushResponse>(
            responses, e => e is ResolvedEvent r ? new PushResponse { Resolved = GraphMapping.ToResolved(r) } : new PushResponse { Blob = GraphMapping.ToProgress((BlobEvent)e) });
        var outcome = await relay.RunAsync(
            tell => pusher.PushAsync(reference, GraphMapping.ToCredentials(request.Auth, reference, request.Reference), tell, context.CancellationToken),
            time, context.CancellationToken).ConfigureAwait(false);
        var result = new PushResult { Reference = outcome.Reference.ToString(), Digest = outcome.Digest.ToString(), Size = (ulong)outcome.Size };
        await responses.WriteAsync(new PushResponse { Result = result }, context.CancellationToken).ConfigureAwait(false);
    }

    public override async Task<TagResponse> Tag(TagRequest request, ServerCallContext context)
    {
        await tagging.TagAsync(names.Here(Named(request.Source)), Named(request.Target), context.CancellationToken).ConfigureAwait(false);
        return new TagResponse();
    }

    public override async Task<RemoveResponse> Remove(RemoveRequest request, ServerCallContext context)
    {
        var removed = await removal.RemoveNameAsync(names.Here(Named(request.Image)), request.Force, context.CancellationToken).ConfigureAwait(false);
        var response = new RemoveResponse();
        response.Untagged.AddRange(removed.Untagged.Select(n => Reference.Parse(n).Familiar));
        response.Deleted.AddRange(removed.Deleted);
        return response;
    }

    public override Task Build(IAsyncStreamReader<BuildRequest> requestStream, IServerStreamWriter<BuildResponse> responseStream, ServerCallContext context) =>
        build.RunAsync(requestStream, responseStream, context.CancellationToken);

    public override Task Save(SaveRequest request, IServerStreamWriter<SaveResponse> responseStream, ServerCallContext context) =>
        archives.SaveAsync(request, responseStream, context.CancellationToken);

    public override Task<LoadResponse> Load(IAsyncStreamReader<LoadRequest> requestStream, ServerCallContext context) =>
        archives.LoadAsync(requestStream, context.CancellationToken);

    public override Task<ImportResponse> Import(IAsyncStreamReader<ImportRequest> requestStream, ServerCallContext context) =>
        archives.ImportAsync(requestStream, context.CancellationToken);

    public override Task<CommitResponse> Commit(CommitRequest request, ServerCallContext context) => archives.CommitAsync(request, context.CancellationToken);

    public override async Task<PruneResponse> Prune(PruneRequest request, ServerCallContext context)
    {
        var until = request.Until == 0 ? default(DateTimeOffset?) : DateTimeOffset.UnixEpoch.AddTicks(request.Until / 100);
        var choice = new PruneChoice(request.All, [.. request.Labels], until);
        return UsageMapping.ToMessage(await pruning.RunAsync(choice, request.DryRun, context.CancellationToken).ConfigureAwait(false));
    }

    public override async Task<PruneBuildsResponse> PruneBuilds(PruneBuildsRequest request, ServerCallContext context)
    {
        var removed = await buildPruning.RunAsync(request.UnusedSince, (long)Math.Min(request.KeepBytes, long.MaxValue), request.DryRun, context.CancellationToken).ConfigureAwait(false);
        var response = new PruneBuildsResponse { ReclaimedBytes = (ulong)removed.Sum(r => r.Bytes) };
        response.Removed.AddRange(removed.Select(r => new PrunedBuild { What = r.What, Bytes = (ulong)r.Bytes, UsedAt = r.Used }));
        return response;
    }

    public override Task<DiskUsageResponse> DiskUsage(DiskUsageRequest request, ServerCallContext context) =>
        Task.FromResult(UsageMapping.ToMessage(database, usage));

    public override Task WatchEvents(WatchEventsRequest request, IServerStreamWriter<WatchEventsResponse> responseStream, ServerCallContext context) => journal.TellAsync(
        request.Since, request.Until, () => responseStream.WriteAsync(new WatchEventsResponse { Ready = true }),
        happened => responseStream.WriteAsync(new WatchEventsResponse
        {
            Event = new ImageEvent { At = happened.At, Action = happened.Action, Id = happened.Id, Attributes = { new Dictionary<string, string>(happened.Attributes) } },
        }, context.CancellationToken), context.CancellationToken);

    /// <summary>"busybox" matches every tag of it, "busybox:1.36" that one.</summary>
    private static bool Matches(ImageRecord image, string filter)
    {
        if (filter.Length == 0) return true;
        var wanted = Reference.Parse(filter);
        return wanted.Tag is null && wanted.Digest is null
            ? image.Tags.Concat(image.Digests).Any(n => Reference.Parse(n).Name == wanted.Name)
            : image.Tags.Concat(image.Digests).Contains(wanted.Canonical().ToString());
    }

    private static string Named(string name) =>
        name.Length > 0 ? name : throw new SuiteException(ErrorKind.InvalidArgument, "No image is named.");
}
