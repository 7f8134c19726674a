using Grpc.Core;
using Suite.Graph.V1;
using Suite.Image.Archives;
using Suite.Image.Commits;
using Suite.Image.Journals;
using Suite.Image.Records;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Platform = Suite.Oci.Images.Platform;

namespace Suite.Image.Endpoints;

/// <summary>The calls that carry images and file systems as tar streams, and Commit.</summary>
internal sealed class ArchiveCalls(ImageSave save, ImageLoad load, ImageImport import, ImageCommit commit, ImageDatabase database, ShortNames names, ImageJournal journal)
{
    public async Task SaveAsync(SaveRequest request, IServerStreamWriter<SaveResponse> responses, CancellationToken cancellationToken)
    {
        if (request.Images.Count == 0) throw new SuiteException(ErrorKind.InvalidArgument, "No image is named.");
        await new ResponseStream<SaveResponse>(responses, data => new SaveResponse { Data = data }, cancellationToken)
            .RunAsync(archive => save.Write(request.Images, archive, cancellationToken)).ConfigureAwait(false);
        foreach (var called in request.Images)
            if (database.Read(s => ImageFinder.Find(s, names.Here(called))) is { } image) journal.Record(ImageActions.Save, image, called);
    }

    public async Task<LoadResponse> LoadAsync(IAsyncStreamReader<LoadRequest> requests, CancellationToken cancellationToken)
    {
        var images = await load.RunAsync(new RequestStream<LoadRequest>(requests, r => r.Data, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var (image, tags) in images) journal.Record(ImageActions.Load, image, tags.Count > 0 ? tags[0].WithDefaultTag().Familiar : "");
        var response = new LoadResponse();
        response.Images.AddRange(images.Select(i => new LoadedImage { Id = i.Image.Id.ToString(), Tags = { i.Tags.Select(t => t.WithDefaultTag().Familiar) } }));
        return response;
    }

    public async Task<ImportResponse> ImportAsync(IAsyncStreamReader<ImportRequest> requests, CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken).ConfigureAwait(false) || requests.Current.Options is not { } said)
            throw new SuiteException(ErrorKind.InvalidArgument, "An import begins with its options.");
        var platform = said.Platform.Length > 0 ? Platform.Parse(said.Platform) : Platform.Current;
        var archive = new RequestStream<ImportRequest>(requests, r => r.Data, cancellationToken);
        var image = await import.RunAsync(
            archive, platform, new CommitOptions(Name(said.Reference), "", said.Message, said.Changes, null), cancellationToken).ConfigureAwait(false);
        journal.Record(ImageActions.Import, image, Name(said.Reference)?.WithDefaultTag().Familiar ?? "");
        return new ImportResponse { Image = GraphMapping.ToInfo(image) };
    }

    public async Task<CommitResponse> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        var options = new CommitOptions(Name(request.Reference), request.Author, request.Message, request.Changes, GraphMapping.ToContainerConfig(request.Config));
        var image = await commit.RunAsync(request.Key, options, cancellationToken).ConfigureAwait(false);
        var name = options.Name?.WithDefaultTag().Familiar ?? "";
        journal.RecordContainer(ImageActions.Commit, request.Key, ("comment", request.Message), ("imageID", image.Id.ToString()), ("imageRef", name));
        journal.Record(ImageActions.Create, image, name);
        return new CommitResponse { Image = GraphMapping.ToInfo(image) };
    }

    private static Reference? Name(string text)
    {
        if (text.Length == 0) return null;
        var name = Reference.Parse(text);
        return name.Digest is null ? name : throw new SuiteException(ErrorKind.InvalidArgument, $"'{text}' has a digest: a new name cannot choose its digest.");
    }
}
