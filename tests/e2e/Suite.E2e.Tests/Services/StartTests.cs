using Suite.Linux.Files;
using Suite.Testing.Files;
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

    /// <summary>Two processes on one folder would write over each other: the built file, with its own settings, has to refuse it.</summary>
    [RootTheory(Needs = Need.Executables)]
    [InlineData("registry")]
    [InlineData("image")]
    [InlineData("network")]
    [InlineData("runtime")]
    public async Task A_second_one_on_the_same_folders_is_refused(string service)
    {
        await using var suite = await SuiteInstance.StartAsync(InstanceName.Of($"second {service}"), [service]);
        await using var second = ServiceProcess.Start(service, TestPaths.Executable($"suite-{service}"), suite.Flags);
        Assert.Equal(1, await second.WaitAsync());
        Assert.Contains(second.Log, line => line.Contains("already running", StringComparison.Ordinal)
            && line.Contains($"(pid {suite.Service(service).Id})", StringComparison.Ordinal));
    }

    [RootFact(Needs = Need.Executables)]
    public async Task The_services_of_a_node_are_names_of_one_file_that_also_takes_the_name_as_a_word()
    {
        await using var named = ServiceProcess.Start("image", TestPaths.Executable("suite-image"), ["--version"]);
        await using var word = ServiceProcess.Start("image", TestPaths.Executable("suite-node"), ["image", "--version"]);
        await using var none = ServiceProcess.Start("image", TestPaths.Executable("suite-node"), ["--version"]);
        Assert.Equal((0, 0, 2), (await named.WaitAsync(), await word.WaitAsync(), await none.WaitAsync()));
        Assert.StartsWith("suite-image ", Assert.Single(named.Log), StringComparison.Ordinal);
        Assert.Equal(named.Log, word.Log);
        Assert.StartsWith("suite-node: no service is named", Assert.Single(none.Log), StringComparison.Ordinal);
        Assert.Single(new[] { "runtime", "image", "network" }
            .Select(service => FileStamp.Of(TestPaths.Executable($"suite-{service}")))
            .Append(FileStamp.Of(TestPaths.Executable("suite-node")))
            .Distinct());
    }
}
