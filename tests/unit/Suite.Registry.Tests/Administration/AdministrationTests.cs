using Grpc.Core;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Suite.Registry.V1;

namespace Suite.Registry.Tests.Administration;

public sealed class AdministrationTests : IAsyncLifetime
{
    private RunningRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await RunningRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task StatusAndListsTellWhatIsThere()
    {
        var manifest = await _registry.PushImageAsync("team/app", "v1");
        var status = await _registry.Administration.StatusAsync(new StatusRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1u, status.Repositories);
        Assert.Equal(2u, status.Blobs);
        Assert.Equal(_registry.Http.BaseAddress!.ToString().TrimEnd('/'), Assert.Single(status.Addresses));

        var repositories = await _registry.Administration.ListRepositoriesAsync(new ListRepositoriesRequest { Prefix = "team/" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["team/app"], repositories.Repositories);
        Assert.False(repositories.More);
        var tags = await _registry.Administration.ListTagsAsync(new ListTagsRequest { Repository = "team/app" }, cancellationToken: TestContext.Current.CancellationToken);
        var tag = Assert.Single(tags.Tags);
        Assert.Equal(("v1", Digest.Compute(manifest).ToString(), (ulong)manifest.Length), (tag.Name, tag.Digest, tag.Size));
        Assert.InRange(DateTimeOffset.UnixEpoch.AddTicks(tag.UpdatedAt / 100), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task DeletingWhatIsNotThereSaysSo()
    {
        var error = await Assert.ThrowsAsync<SuiteException>(async () => await _registry.Administration.DeleteManifestAsync(
            new DeleteManifestRequest { Repository = "app", Reference = "v1" }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Equal("repository app is not known to this registry", error.Message);
    }

    [Fact]
    public async Task VerificationFindsAWholeStoreWhole()
    {
        await _registry.PushImageAsync("app", "v1");
        var (problems, summary) = await VerifyAsync();
        Assert.Empty(problems);
        Assert.Equal(2u, summary.Blobs);
    }

    [Fact]
    public async Task VerificationFindsDamageAndLoss()
    {
        await _registry.PushImageAsync("app", "v1", "a layer");
        var damaged = Digest.Compute("a layer"u8);
        var lost = Digest.Compute("{}"u8);
        await File.WriteAllTextAsync(PathOf(damaged), "b layer", TestContext.Current.CancellationToken);
        File.Delete(PathOf(lost));
        var (problems, summary) = await VerifyAsync();
        Assert.Equal(new[] { damaged.ToString(), lost.ToString() }.Order(), problems.Select(problem => problem.Digest).Order());
        Assert.Equal(2u, summary.Problems);

        await _registry.PushBlobAsync("app", "a layer"u8.ToArray());
        await _registry.PushBlobAsync("app", "{}"u8.ToArray());
        Assert.Empty((await VerifyAsync()).Problems);
    }

    private string PathOf(Digest digest) => Path.Combine(_registry.State, "blobs", digest.AlgorithmName, digest.Hex[..2], digest.Hex);

    private async Task<(List<VerifyResponse.Types.Problem> Problems, VerifyResponse.Types.Summary Summary)> VerifyAsync()
    {
        using var call = _registry.Administration.Verify(new VerifyRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var problems = new List<VerifyResponse.Types.Problem>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (response.EventCase == VerifyResponse.EventOneofCase.Summary)
                return (problems, response.Summary);
            problems.Add(response.Problem);
        }

        throw new InvalidOperationException("the stream ended without a summary");
    }
}
