using Grpc.Core;
using Suite.Graph.V1;
using Suite.Image.Archives;
using Suite.Image.Commits;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Platform = Suite.Oci.Images.Platform;

namespace Suite.Image.Endpoints;

/// <summary>The calls that carry images and file systems as tar streams, and Commit.</summary>
internal sealed class ArchiveCalls(ImageSave save, ImageLoad load, ImageImport import, ImageCommit commit)
{
    public Task SaveAsync(SaveRequest request, IServerStreamWriter<SaveResponse> responses, CancellationToken cancellationToken)
    {
        if (request.Images.Count == 0) throw new SuiteException(ErrorKind.InvalidArgument, "No image is named.");
        return new ResponseStream<SaveResponse>(responses, data => new SaveResponse { Data = data }, cancellationToken)
            .RunAsync(archive => save.Write(request.Images, archive, cancellationToken));
    }

    public async Task<LoadResponse> LoadAsync(IAsyncStreamReader<LoadRequest> requests, CancellationToken cancellationToken)
    {
        var images = await load.RunAsync(new RequestStream<LoadRequest>(requests, r => r.Data, cancellationToken), cancellationToken).ConfigureAwait(false);
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
        return new ImportResponse { Image = GraphMapping.ToInfo(image) };
    }

    public async Task<CommitResponse> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        var options = new CommitOptions(Name(request.Reference), request.Author, request.Message, request.Changes, GraphMapping.ToContainerConfig(request.Config));
        return new CommitResponse { Image = GraphMapping.ToInfo(await commit.RunAsync(request.Key, options, cancellationToken).ConfigureAwait(false)) };
    }

    private static Reference? Name(string text)
    {
        if (text.Length == 0) return null;
        var name = Reference.Parse(text);
        return name.Digest is null ? name : throw new SuiteException(ErrorKind.InvalidArgument, $"'{text}' has a digest: a new name cannot choose its digest.");
    }
}
