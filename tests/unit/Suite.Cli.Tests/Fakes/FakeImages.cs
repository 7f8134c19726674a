using Grpc.Core;
using Suite.Graph.V1;

namespace Suite.Cli.Tests.Fakes;

/// <summary>An image service that knows names only.</summary>
internal sealed class FakeImages : Images.ImagesBase
{
    public HashSet<string> Here { get; } = [];

    public List<ImageInfo> All { get; } = [];

    public HashSet<string> InRegistry { get; } = [];

    public BuildOptions? Built { get; private set; }

    public MemoryStream Context { get; } = new();

    public override Task<InspectResponse> Inspect(InspectRequest request, ServerCallContext context) => Inspected is not null
        ? Task.FromResult(Inspected)
        : Here.Contains(request.Image)
        ? Task.FromResult(new InspectResponse { Image = new ImageInfo { Id = "sha256:1111", Tags = { request.Image } } })
        : throw new RpcException(new Status(StatusCode.NotFound, $"there is no image {request.Image}"));

    public InspectResponse? Inspected { get; set; }

    public PruneRequest? Pruned { get; private set; }

    public RegistryAuth? Auth { get; private set; }

    public override async Task Save(SaveRequest request, IServerStreamWriter<SaveResponse> responses, ServerCallContext context)
    {
        foreach (var piece in (string[])["saved ", string.Join(' ', request.Images)]) await responses.WriteAsync(new SaveResponse { Data = Google.Protobuf.ByteString.CopyFromUtf8(piece) });
    }

    public override async Task<LoadResponse> Load(IAsyncStreamReader<LoadRequest> requests, ServerCallContext context)
    {
        var text = "";
        await foreach (var piece in requests.ReadAllAsync()) text += piece.Data.ToStringUtf8();
        return text == "archive"
            ? new LoadResponse { Images = { new LoadedImage { Id = "sha256:11", Tags = { "docker.io/library/app:1" } }, new LoadedImage { Id = "sha256:22" } } }
            : throw new RpcException(new Status(StatusCode.DataLoss, $"'{text}' is no archive."));
    }

    public override Task<PruneResponse> Prune(PruneRequest request, ServerCallContext context)
    {
        Pruned = request;
        return Task.FromResult(new PruneResponse { Untagged = { "docker.io/library/app:1" }, Deleted = { "sha256:11" }, ReclaimedBytes = 2_000_000 });
    }

    public override Task<DiskUsageResponse> DiskUsage(DiskUsageRequest request, ServerCallContext context) => Task.FromResult(new DiskUsageResponse
    {
        Images = new DiskShare { Count = 2, Active = 1, Bytes = 4_000_000, ReclaimableBytes = 1_000_000 }, Rootfs = new DiskShare { Count = 1, Active = 1, Bytes = 4096 },
    });

    public override Task<ListResponse> List(ListRequest request, ServerCallContext context) =>
        Task.FromResult(new ListResponse { Images = { All } });

    public override async Task Pull(PullRequest request, IServerStreamWriter<PullResponse> responses, ServerCallContext context)
    {
        Auth = request.Auth;
        if (!InRegistry.Contains(request.Reference))
            throw new RpcException(new Status(StatusCode.NotFound, $"registry docker.io has no image {request.Reference}"));
        const string layer = "sha256:aabbccddeeff00112233";
        await responses.WriteAsync(new PullResponse { Resolved = new Resolved { Reference = request.Reference, Layers = { layer } } });
        foreach (var state in (BlobState[])[BlobState.Waiting, BlobState.Downloading, BlobState.Downloading, BlobState.Done])
            await responses.WriteAsync(new PullResponse { Blob = new BlobProgress { Digest = layer, State = state, Total = 2_000_000 } });
        Here.Add(request.Reference);
        await responses.WriteAsync(new PullResponse { Result = new PullResult { Digest = "sha256:99", Downloaded = true } });
    }

    public override async Task Build(
        IAsyncStreamReader<BuildRequest> requests, IServerStreamWriter<BuildResponse> responses, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync())
        {
            if (request.PartCase == BuildRequest.PartOneofCase.Options)
                Built = request.Options;
            else
                request.Context.WriteTo(Context);
        }

        await responses.WriteAsync(new BuildResponse { Step = new BuildStep { Index = 1, Count = 1, Instruction = "FROM scratch" } });
        await responses.WriteAsync(new BuildResponse { Result = new BuildResult { Image = new ImageInfo { Id = "sha256:2222" } } });
    }
}
