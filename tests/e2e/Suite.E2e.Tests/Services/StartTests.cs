using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Services;

/// <summary>Each service stands alone: it starts without the others, ends when asked, and comes back after kill -9.</summary>
public sealed class StartTests
{
    [RootTheory(Needs = Need.Executables)]
    [InlineData("registry")]
    [InlineData("image")]
    [InlineData("network")]
    [InlineData("runtime")]
    public async Task A_service_starts_alone_and_ends_when_asked(string service)
    {
        await using var suite = await SuiteInstance.StartAsync(InstanceName.Of($"start {service}"), [service]);
        Assert.Equal(0, await suite.Service(service).StopAsync());
    }

    [RootTheory(Needs = Need.Executables)]
    [InlineData("registry")]
    [InlineData("image")]
    [InlineData("network")]
    [InlineData("runtime")]
    public async Task A_service_comes_back_after_kill_9(string service)
    {
        await using var suite = await SuiteInstance.StartAsync(InstanceName.Of($"kill {service}"), [service]);
        await suite.Service(service).KillAsync(TestContext.Current.CancellationToken);
        await suite.StartServiceAsync(service);
        Assert.False(suite.Service(service).HasExited);
    }
}
