using Suite.Testing.Files;
using Suite.Testing.Leaks;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Cli;

/// <summary>`suite up` and `suite down` on folders of their own.</summary>
public sealed class UpDownTests : IAsyncDisposable
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private static readonly string Instance = InstanceName.Of("up and down");

    // In this order: the guard finds the folder there, and does not call it left behind.
    private readonly TempFolder _folder = new(Instance);
    private readonly LeakGuard _guard = new(Instance);
    private readonly int _registryPort = LoopbackPort.Free();

    private CliProcess Cli => new(_folder.Path("run"));

    public async ValueTask DisposeAsync()
    {
        // Nothing to do after a test that passed; what a failed one left running would disturb the next.
        if ((await Cli.RunAsync("down", "--all")).ExitCode != 0)
            _ = await Cli.RunAsync("down");
        _folder.Dispose();
        _guard.Dispose();
    }

    [RootFact(Needs = Needs)]
    public async Task Up_starts_four_healthy_services_and_a_second_up_says_that_they_run()
    {
        await UpAsync();
        var second = await UpOnlyAsync();
        var info = await Cli.RunAsync("info");
        await DownAsync();

        Assert.Equal((1, ""), (second.ExitCode, second.Output));
        Assert.Matches(@"^suite: the services already run in \S+ \(suite-registry \d+, suite-image \d+, suite-network \d+, suite-runtime \d+\); stop them", second.Error);
        Assert.Contains("Containers: 0", info.Good);
        Assert.Equal($"No service runs in {_folder.Path("run")}\n", (await Cli.RunAsync("down")).Error);
    }

    [RootFact(Needs = Needs)]
    public async Task A_service_that_is_down_is_named_and_up_starts_only_that_one()
    {
        await UpAsync();
        var pid = await PidOfAsync("suite-image");
        Linux.Processes.ProcessSignals.Send(pid, Linux.Processes.ProcessSignals.SIGKILL);

        var without = await Cli.RunAsync("images");
        var again = await UpOnlyAsync();
        var with = await Cli.RunAsync("images", "-q");
        await DownAsync();

        Assert.Equal((1, ""), (without.ExitCode, without.Output));
        Assert.Matches("^suite: cannot connect to suite-image .*start the services with \"suite up\"\n$", without.Error);
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("suite-image started", again.Error);
        Assert.Contains("suite-runtime runs already", again.Error);
        Assert.Equal("", with.Good);
    }

    [RootFact(Needs = Needs)]
    public async Task A_service_that_cannot_start_is_shown_with_its_log_and_the_others_end()
    {
        _folder.File("config/registry.json", """{ "listen": "256.1.1.1:1" }""");

        var result = await UpOnlyAsync();

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("suite: suite-registry did not start: ", result.Error);
        Assert.Contains("256.1.1.1:1", result.Error);
        Assert.Equal($"No service runs in {_folder.Path("run")}\n", (await Cli.RunAsync("down")).Error);
    }

    [RootFact(Needs = Needs)]
    public async Task Down_leaves_containers_running_and_down_all_leaves_nothing()
    {
        await UpAsync();
        await BusyboxInstance.BuildAsync(Cli, "busybox");
        _ = (await Cli.RunAsync("run", "-d", "--name", "stays", "busybox", "sleep", "1000")).Good;
        var pid = (await Cli.RunAsync("inspect", "-f", "{{.State.Pid}}", "stays")).Good;

        Assert.Equal(0, (await Cli.RunAsync("down")).ExitCode);
        Assert.True(Directory.Exists($"/proc/{pid}"), "the container ended with the services");

        await UpAsync();
        Assert.Equal(pid, (await Cli.RunAsync("inspect", "-f", "{{.State.Pid}}", "stays")).Good);
        await DownAsync();
        Assert.False(Directory.Exists($"/proc/{pid}"), "the container outlived down --all");
        _guard.AssertNothingLeft();
    }

    private async Task<int> PidOfAsync(string service)
    {
        var second = await UpOnlyAsync();
        var text = second.Error[(second.Error.IndexOf(service + " ", StringComparison.Ordinal) + service.Length + 1)..];
        return int.Parse(text[..text.IndexOfAny([',', ')'])], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task UpAsync()
    {
        if (!File.Exists(_folder.Path("config", "registry.json")))
            _folder.File("config/registry.json", $$"""{ "listen": "127.0.0.1:{{_registryPort}}" }""");
        _ = (await UpOnlyAsync()).Good;
    }

    private Task<CliResult> UpOnlyAsync() => Cli.RunAsync(
        "up", "--root", _folder.Path("root"), "--config", _folder.Path("config"), "--instance", Instance);

    private async Task DownAsync() => _ = (await Cli.RunAsync("down", "--all")).Good;
}
