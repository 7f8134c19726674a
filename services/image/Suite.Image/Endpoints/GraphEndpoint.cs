using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Suite.Graph.V1;
using Suite.Image.Graph.Drivers;
using Suite.Image.Journals;
using Suite.Image.Options;
using Suite.Image.Records;
using Suite.Image.RootFilesystems;
using Suite.Linux.Errors;
using GraphV1 = Suite.Graph.V1.Graph;

namespace Suite.Image.Endpoints;

/// <summary>suite.graph.v1.Graph: root file systems of containers.</summary>
internal sealed class GraphEndpoint(RootfsStore roots, IGraphDriver driver, ShortNames names, IOptions<ImageOptions> options, ImageJournal journal) : GraphV1.GraphBase
{
    private const int ChangesPage = 1000;

    public override async Task<PrepareRootfsResponse> PrepareRootfs(PrepareRootfsRequest request, ServerCallContext context)
    {
        if (request.Image.Length == 0) throw new SuiteException(ErrorKind.InvalidArgument, "No image is named.");
        var (image, mount) = await roots.PrepareAsync(
            request.Key, names.Here(request.Image), new Dictionary<string, string>(request.Labels), context.CancellationToken).ConfigureAwait(false);
        return new PrepareRootfsResponse { Image = GraphMapping.ToInfo(image), Mounts = { GraphMapping.ToMount(mount) } };
    }

    public override async Task<RemoveRootfsResponse> RemoveRootfs(RemoveRootfsRequest request, ServerCallContext context)
    {
        await roots.RemoveAsync(request.Key, context.CancellationToken).ConfigureAwait(false);
        return new RemoveRootfsResponse();
    }

    public override Task<ListRootfsResponse> ListRootfs(ListRootfsRequest request, ServerCallContext context)
    {
        var response = new ListRootfsResponse();
        foreach (var root in roots.List())
        {
            var info = new RootfsInfo { Key = root.Key, ImageId = root.Image, CreatedAt = root.Created };
            foreach (var (key, value) in root.Labels) info.Labels[key] = value;
            response.Rootfs.Add(info);
        }

        return Task.FromResult(response);
    }

    public override Task<RootfsUsageResponse> RootfsUsage(RootfsUsageRequest request, ServerCallContext context)
    {
        var usage = roots.Usage(request.Key);
        return Task.FromResult(new RootfsUsageResponse { UsedBytes = usage.Bytes, InodesUsed = usage.Inodes });
    }

    public override async Task RootfsChanges(RootfsChangesRequest request, IServerStreamWriter<RootfsChangesResponse> responses, ServerCallContext context)
    {
        var layers = roots.Layers(request.Key);
        var changes = await Task.Run(() => driver.RootfsChanges(request.Key, layers, context.CancellationToken), context.CancellationToken).ConfigureAwait(false);
        // The root itself is no change that people ask for.
        foreach (var page in changes.Where(c => c.Path.Length > 0).Chunk(ChangesPage))
        {
            var response = new RootfsChangesResponse();
            response.Changes.AddRange(page.Select(GraphMapping.ToChange));
            await responses.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task ExportRootfs(ExportRootfsRequest request, IServerStreamWriter<ExportRootfsResponse> responses, ServerCallContext context)
    {
        var layers = roots.Layers(request.Key);
        await new ResponseStream<ExportRootfsResponse>(responses, data => new ExportRootfsResponse { Data = data }, context.CancellationToken)
            .RunAsync(archive => driver.WriteTree(request.Key, layers, archive, context.CancellationToken)).ConfigureAwait(false);
        journal.RecordContainer(ImageActions.Export, request.Key);
    }

    public override Task<StatusResponse> Status(StatusRequest request, ServerCallContext context)
    {
        var response = new StatusResponse
        {
            Driver = driver.Name,
            SearchRegistries = { options.Value.SearchRegistries },
            InsecureRegistries = { options.Value.InsecureRegistries },
        };
        foreach (var (name, value) in driver.Figures()) response.Figures[name] = value;
        response.Figures["Layers"] = driver.ListLayers().Count.ToString(CultureInfo.InvariantCulture);
        response.Figures["Root file systems"] = driver.ListRootfs().Count.ToString(CultureInfo.InvariantCulture);
        return Task.FromResult(response);
    }
}
