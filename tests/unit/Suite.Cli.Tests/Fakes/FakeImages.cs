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

    /// <summary>The context's list.</summary>
    public List<BuildEntry> Context { get; } = [];

    /// <summary>Paths whose content is asked for, and the content that came.</summary>
    public Dictionary<string, string> Wanted { get; } = [];

    /// <summary>What a build fails with after its first step; null: it does not.</summary>
    public string? BuildFailure { get; set; }

    /// <summary>The archive that a build sends; null: an image.</summary>
    public byte[]? BuildArchive { get; set; }

    /// <summary>What is said to each agent that a build is lent, and what the agents answered.</summary>
    public byte[]? AgentQuestion { get; set; }

    public Dictionary<string, byte[]> AgentAnswers { get; } = [];

    public List<ImageEvent> Events { get; } = [];

    public override async Task WatchEvents(WatchEventsRequest request, IServerStreamWriter<WatchEventsResponse> responses, ServerCallContext context)
    {
        await responses.WriteAsync(new WatchEventsResponse { Ready = true });
        foreach (var e in Events) await responses.WriteAsync(new WatchEventsResponse { Event = e });
    }

    public PruneBuildsRequest? BuildsPruned { get; private set; }

    public override Task<PruneBuildsResponse> PruneBuilds(PruneBuildsRequest request, ServerCallContext context)
    {
        BuildsPruned = request;
        return Task.FromResult(new PruneBuildsResponse { Removed = { new PrunedBuild { What = "RUN make", Bytes = 2_000_000 } }, ReclaimedBytes = 2_000_000 });
    }

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
        while (await requests.MoveNext())
        {
            Built ??= requests.Current.Options;
            Context.AddRange(requests.Current.Entries?.Entries ?? []);
            if (requests.Current.Entries?.Last == true)
                break;
        }

        foreach (var path in Wanted.Keys.ToArray())
        {
            await responses.WriteAsync(new BuildResponse { Wanted = new BuildWanted { Digests = { Context.Single(e => e.Path == path).Digest } } });
            do
            {
                await requests.MoveNext();
                Wanted[path] += requests.Current.File.Data.ToStringUtf8();
            }
            while (!requests.Current.File.Last);
        }

        foreach (var (id, number) in Built!.Agents.Select((id, i) => (id, (uint)i)))
        {
            if (AgentQuestion is null) break;
            await responses.WriteAsync(new BuildResponse { Agent = new BuildAgentData { Connection = number, Id = id } });
            await responses.WriteAsync(new BuildResponse { Agent = new BuildAgentData { Connection = number, Data = Google.Protobuf.ByteString.CopyFrom(AgentQuestion) } });
            AgentAnswers[id] = [];
            // An answer says its own length first.
            while (AgentAnswers[id].Length < 4 || AgentAnswers[id].Length < 4 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(AgentAnswers[id]))
            {
                if (!await requests.MoveNext()) break;
                // The end of the connection before may come as late as this.
                if (requests.Current.Agent.Connection != number) continue;
                if (requests.Current.Agent.Last) break;
                AgentAnswers[id] = [.. AgentAnswers[id], .. requests.Current.Agent.Data];
            }

            await responses.WriteAsync(new BuildResponse { Agent = new BuildAgentData { Connection = number, Last = true } });
        }

        await responses.WriteAsync(new BuildResponse { Warning = new BuildWarning { Rule = "FromAsCasing", Line = 1, Message = "casing" } });
        var step = new BuildStep { Index = 1, Count = 1, Line = 1, Stage = "stage-0", Instruction = "FROM scratch" };
        await responses.WriteAsync(new BuildResponse { Step = step });
        await responses.WriteAsync(new BuildResponse { Output = new BuildOutput { Step = 1, Data = Google.Protobuf.ByteString.CopyFromUtf8("half a li") } });
        await responses.WriteAsync(new BuildResponse { Output = new BuildOutput { Step = 1, Data = Google.Protobuf.ByteString.CopyFromUtf8("ne\n") } });
        if (BuildFailure is not null)
        {
            await responses.WriteAsync(new BuildResponse { Fault = new BuildFault { Line = 2, EndLine = 2 } });
            throw new RpcException(new Status(StatusCode.FailedPrecondition, BuildFailure));
        }

        var done = step.Clone();
        (done.State, done.Took) = (BuildStepState.Done, 1_500_000_000);
        await responses.WriteAsync(new BuildResponse { Step = done });
        if (BuildArchive is not null)
        {
            foreach (var piece in BuildArchive.Chunk(1000))
                await responses.WriteAsync(new BuildResponse { Archive = new BuildArchive { Data = Google.Protobuf.ByteString.CopyFrom(piece) } });
        }

        await responses.WriteAsync(new BuildResponse { Result = BuildArchive is null ? new BuildResult { Image = new ImageInfo { Id = "sha256:2222" } } : new BuildResult() });
    }
}
