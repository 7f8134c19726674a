using Grpc.Core;
using Suite.Registry.V1;

namespace Suite.Cli.Tests.Fakes;

/// <summary>A registry service with one repository, and a problem if a test wants one.</summary>
internal sealed class FakeRegistry : Suite.Registry.V1.Registry.RegistryBase
{
    public string Description { get; set; } = "Serves";

    public bool IsDamaged { get; set; }

    public CollectGarbageRequest? Collected { get; private set; }

    public List<string> Deleted { get; } = [];

    public override Task<ListRepositoriesResponse> ListRepositories(ListRepositoriesRequest request, ServerCallContext context) =>
        Task.FromResult(request.Last.Length == 0
            ? new ListRepositoriesResponse { Repositories = { "app" }, More = true }
            : new ListRepositoriesResponse { Repositories = { "web" } });

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) => Task.FromResult(new SearchResponse
    {
        Repositories = { new SearchResponse.Types.Repository { Name = "team/" + request.Query, Tags = request.Limit, Description = Description, PushedAt = (FakeMachine.Now.ToUnixTimeMilliseconds() - 7_200_000) * 1_000_000 } },
    });

    public override Task<DeleteManifestResponse> DeleteManifest(DeleteManifestRequest request, ServerCallContext context)
    {
        Deleted.Add($"{request.Repository} {request.Reference}");
        return Task.FromResult(new DeleteManifestResponse());
    }

    public override async Task CollectGarbage(CollectGarbageRequest request, IServerStreamWriter<CollectGarbageResponse> responses, ServerCallContext context)
    {
        Collected = request;
        await responses.WriteAsync(new() { Removed = new() { Kind = "blob", Repository = "app", Name = "sha256:aa", Bytes = 2_000_000 } });
        await responses.WriteAsync(new() { Removed = new() { Kind = "tag", Repository = "app", Name = "old" } });
        await responses.WriteAsync(new() { Summary = new() { Removed = 2, Bytes = 2_000_000 } });
    }

    public override async Task Verify(VerifyRequest request, IServerStreamWriter<VerifyResponse> responses, ServerCallContext context)
    {
        if (IsDamaged)
            await responses.WriteAsync(new() { Problem = new() { Repository = "app", Digest = "sha256:aa", Description = "the content is missing" } });
        await responses.WriteAsync(new() { Summary = new() { Blobs = 3, Bytes = 1000, Problems = IsDamaged ? 1u : 0u } });
    }
}
