using Grpc.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Suite.Hosting.Databases;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Suite.Registry.Catalog;
using Suite.Registry.Distribution;
using Suite.Registry.Garbage;
using Suite.Registry.V1;

namespace Suite.Registry.Administration;

/// <summary>suite.registry.v1.</summary>
internal sealed class RegistryAdministration(Database database, ManifestRemoval removal, StoreVerification verification, GarbageCollection collection, GarbageOptions garbage, IServer server)
    : V1.Registry.RegistryBase
{
    private const int LargestPage = 1000;
    private const int DefaultResults = 25;

    // A hundred years, which is for ever and no overflow.
    private const ulong LongestGrace = 100UL * 365 * 24 * 3600;

    public override Task<StatusResponse> Status(StatusRequest request, ServerCallContext context)
    {
        var ((blobs, bytes), repositories) = database.Read(session => (BlobLinks.Totals(session), Repositories.CountAll(session)));
        var response = new StatusResponse { Blobs = (ulong)blobs, Bytes = (ulong)bytes, Repositories = (ulong)repositories };
        response.Addresses.AddRange(server.Features.Get<IServerAddressesFeature>()?.Addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal)) ?? []);
        return Task.FromResult(response);
    }

    public override Task<ListRepositoriesResponse> ListRepositories(ListRepositoriesRequest request, ServerCallContext context)
    {
        var count = request.PageSize is 0 or > LargestPage ? LargestPage : (int)request.PageSize;
        var names = database.Read(session => Repositories.List(session, request.Prefix, request.Last, count + 1));
        var response = new ListRepositoriesResponse { More = names.Count > count };
        response.Repositories.AddRange(names.Take(count));
        return Task.FromResult(response);
    }

    public override Task<ListTagsResponse> ListTags(ListTagsRequest request, ServerCallContext context)
    {
        var repository = CheckRepository(request.Repository);
        var tags = database.Read(session =>
            Repositories.Find(session, repository) is { } id ? Tags.List(session, id) : throw DistributionException.NoRepository(repository));
        var response = new ListTagsResponse();
        response.Tags.AddRange(tags.Select(tag => new Tag
        {
            Name = tag.Name,
            Digest = tag.Digest.ToString(),
            MediaType = tag.MediaType,
            Size = (ulong)tag.Size,
            UpdatedAt = tag.UpdatedAt,
        }));
        return Task.FromResult(response);
    }

    public override async Task<DeleteManifestResponse> DeleteManifest(DeleteManifestRequest request, ServerCallContext context)
    {
        var repository = CheckRepository(request.Repository);
        if (!ReferenceGrammar.IsTag(request.Reference) && !Digest.TryParse(request.Reference, out _))
            throw new SuiteException(ErrorKind.InvalidArgument, $"'{request.Reference}' is neither a tag nor a digest");
        await removal.RemoveAsync(repository, request.Reference, context.CancellationToken).ConfigureAwait(false);
        return new DeleteManifestResponse();
    }

    public override async Task Verify(VerifyRequest request, IServerStreamWriter<VerifyResponse> responseStream, ServerCallContext context)
    {
        long problems = 0;
        await foreach (var problem in verification.RunAsync(bytesPerSecond: 0, context.CancellationToken).ConfigureAwait(false))
        {
            problems++;
            await responseStream.WriteAsync(
                new VerifyResponse
                {
                    Problem = new VerifyResponse.Types.Problem
                    {
                        Repository = problem.Repository,
                        Digest = problem.Digest.ToString(),
                        Description = problem.Description,
                    },
                },
                context.CancellationToken).ConfigureAwait(false);
        }

        var (blobs, bytes) = database.Read(BlobLinks.Totals);
        await responseStream.WriteAsync(
            new VerifyResponse { Summary = new VerifyResponse.Types.Summary { Blobs = (ulong)blobs, Bytes = (ulong)bytes, Problems = (ulong)problems } },
            context.CancellationToken).ConfigureAwait(false);
    }

    public override async Task CollectGarbage(
        CollectGarbageRequest request, IServerStreamWriter<CollectGarbageResponse> responseStream, ServerCallContext context)
    {
        var grace = request.HasGraceSeconds ? TimeSpan.FromSeconds(Math.Min(request.GraceSeconds, LongestGrace)) : garbage.Grace;
        var summary = new CollectGarbageResponse.Types.Summary();
        await foreach (var item in collection.RunAsync(grace, request.DryRun, context.CancellationToken).ConfigureAwait(false))
        {
            summary.Removed++;
            summary.Bytes += (ulong)item.Bytes;
            var removed = new CollectGarbageResponse.Types.Removed
            {
                Kind = item.Kind.ToString().ToLowerInvariant(),
                Repository = item.Repository,
                Name = item.Name,
                Bytes = (ulong)item.Bytes,
            };
            await responseStream.WriteAsync(new CollectGarbageResponse { Removed = removed }, context.CancellationToken).ConfigureAwait(false);
        }

        await responseStream.WriteAsync(new CollectGarbageResponse { Summary = summary }, context.CancellationToken).ConfigureAwait(false);
    }

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context)
    {
        var limit = request.Limit is 0 ? DefaultResults : (int)Math.Min(request.Limit, LargestPage);
        var found = database.Read(session => RepositorySearch.Find(session, request.Query, 0, limit));
        var response = new SearchResponse();
        response.Repositories.AddRange(found.Select(repository => new SearchResponse.Types.Repository
        {
            Name = repository.Name,
            Description = repository.Description ?? "",
            Tags = (uint)repository.Tags,
            PushedAt = repository.PushedAt,
        }));
        return Task.FromResult(response);
    }

    private static string CheckRepository(string name) =>
        ReferenceGrammar.IsRepository(name) ? name : throw new SuiteException(ErrorKind.InvalidArgument, $"'{name}' is not a repository name: {ReferenceGrammar.RepositoryRule}");
}
