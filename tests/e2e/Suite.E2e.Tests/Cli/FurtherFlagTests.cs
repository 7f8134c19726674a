using System.Text.Json.Nodes;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Cli;

/// <summary>Flags that fewer people know, on commands that everybody does.</summary>
public sealed class FurtherFlagTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private readonly CliProcess _cli = instance.Cli;

    [RootFact(Needs = Needs)]
    public async Task All_tags_of_a_name_are_pushed_and_pulled()
    {
        var name = $"{instance.Suite.Registry}/tagged";
        foreach (var tag in new[] { "1", "2" })
            _ = (await _cli.RunAsync("tag", "busybox", $"{name}:{tag}")).Good;
        Assert.Equal($"{name}:1\n{name}:2", (await _cli.RunAsync("push", "-q", "--all-tags", name)).Good);
        _ = (await _cli.RunAsync("rmi", $"{name}:1", $"{name}:2")).Good;
        Assert.Equal($"{name}:1\n{name}:2", (await _cli.RunAsync("pull", "-q", "-a", name)).Good);
        Assert.Equal(["1", "2"], (await _cli.RunAsync("images", "--format", "{{.Tag}}", name)).Good.Split('\n').Order());
        Assert.Contains("names one", (await _cli.RunAsync("pull", "-a", $"{name}:1")).Error);
        Assert.Contains("names one", (await _cli.RunAsync("push", "-a", $"{name}:1")).Error);
        Assert.Contains("lists no tags of nothing", (await _cli.RunAsync("pull", "-a", $"{instance.Suite.Registry}/nothing")).Error);
        _ = (await _cli.RunAsync("rmi", $"{name}:1", $"{name}:2")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task Another_signal_than_its_own_stops_a_container()
    {
        _ = (await _cli.RunAsync("run", "-d", "--name", "trapped", "busybox", "sh", "-c", "trap 'exit 7' USR1; while :; do sleep 0.05; done")).Good;
        _ = (await _cli.RunAsync("stop", "-t", "20", "--signal", "USR1", "trapped")).Good;
        Assert.Equal("7", (await _cli.RunAsync("inspect", "-f", "{{.State.ExitCode}}", "trapped")).Good);
        _ = (await _cli.RunAsync("start", "trapped")).Good;
        _ = (await _cli.RunAsync("restart", "-t", "20", "-s", "SIGUSR1", "trapped")).Good;
        Assert.Contains("exitCode=7", (await _cli.RunAsync("events", "--since", "5m", "--until", "0s", "-f", "container=trapped", "-f", "event=die")).Good.Split('\n')[^1]);
        Assert.Equal(1, (await _cli.RunAsync("stop", "--signal", "NOSUCH", "trapped")).ExitCode);
        _ = (await _cli.RunAsync("rm", "-f", "trapped")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task Sizes_are_told()
    {
        _ = (await _cli.RunAsync("run", "--name", "sized", "busybox", "sh", "-c", "head -c 300000 /dev/zero > /big")).Good;
        Assert.Matches(@"^3\d\d(\.\d+)?kB \(virtual [\d.]+MB\)$", (await _cli.RunAsync("ps", "-a", "-s", "-f", "name=sized", "--format", "{{.Size}}")).Good);
        var sizes = (await _cli.RunAsync("inspect", "-s", "-f", "{{.SizeRw}} {{.SizeRootFs}}", "sized")).Good.Split(' ').Select(long.Parse).ToArray();
        Assert.InRange(sizes[0], 300_000, 400_000);
        Assert.True(sizes[1] > sizes[0] + 1_000_000, $"{sizes[1]}");
        Assert.Contains("sized", (await _cli.RunAsync("stats", "--no-stream", "-a", "--format", "{{.Name}}")).Good);
        _ = (await _cli.RunAsync("rm", "sized")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task What_happens_to_images_networks_and_volumes_is_told()
    {
        var since = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        var name = $"{instance.Suite.Registry}/told:1";
        using var folder = new TempFolder("told");
        _ = (await _cli.RunAsync("tag", "busybox", name)).Good;
        _ = (await _cli.RunAsync("push", "-q", name)).Good;
        _ = (await _cli.RunAsync("save", "-o", folder.Path("a.tar"), name)).Good;
        _ = (await _cli.RunAsync("rmi", name)).Good;
        _ = (await _cli.RunAsync("pull", "-q", name)).Good;
        _ = (await _cli.RunAsync("load", "-q", "-i", folder.Path("a.tar"))).Good;
        _ = (await _cli.RunAsync("rmi", name)).Good;
        _ = (await _cli.RunAsync("network", "create", "--label", "k=v", "told")).Good;
        _ = (await _cli.RunAsync("run", "-d", "--name", "teller", "--network", "told", "-v", "told:/v", "busybox", "sleep", "1000")).Good;
        _ = (await _cli.RunAsync("network", "connect", "bridge", "teller")).Good;
        _ = (await _cli.RunAsync("network", "disconnect", "bridge", "teller")).Good;
        _ = (await _cli.RunAsync("commit", "teller", "told:2")).Good;
        var id = (await _cli.RunAsync("inspect", "-f", "{{.Id}}", "teller")).Good;
        var watched = await EventsAsync(since, "-f", "type=network");
        _ = (await _cli.RunAsync("rm", "-f", "teller")).Good;
        _ = (await _cli.RunAsync("export", "-o", folder.Path("f.tar"), (await _cli.RunAsync("create", "busybox")).Good)).Good;
        _ = (await _cli.RunAsync("import", folder.Path("f.tar"), "told:3")).Good;
        _ = (await _cli.RunAsync("rmi", "told:2", "told:3")).Good;
        _ = (await _cli.RunAsync("network", "rm", "told")).Good;
        _ = (await _cli.RunAsync("volume", "rm", "told")).Good;
        _ = (await _cli.RunAsync("container", "prune", "-f")).Good;

        Assert.Equal(
            ["tag", "push", "save", "untag", "pull", "load", "untag", "create", "import", "untag", "delete", "untag", "delete"],
            (await EventsAsync(since, "-f", "type=image")).Select(Action));
        Assert.Equal(["create told ", $"connect told {id}", $"connect bridge {id}", $"disconnect bridge {id}"], watched.Select(e => $"{Action(e)} {e["Actor"]!["Attributes"]!["name"]} {e["Actor"]!["Attributes"]!["container"]}"));
        Assert.Equal(["create", "connect", "disconnect", "destroy"], (await EventsAsync(since, "-f", "network=told")).Select(Action));
        Assert.Equal(["create", "destroy"], (await EventsAsync(since, "-f", "volume=told")).Select(Action));
        Assert.Equal(["create"], (await EventsAsync(since, "-f", "label=k=v")).Select(Action).Distinct().Take(1));
        Assert.Equal(["create", "start", "die", "destroy"], (await EventsAsync(since, "-f", "container=teller", "-f", "event=create", "-f", "event=start", "-f", "event=die", "-f", "event=destroy")).Select(Action));
        // All of it in the order of time.
        var times = (await EventsAsync(since)).Select(e => (long)e["timeNano"]!).ToList();
        Assert.Equal(times.Order(), times);

        static string Action(JsonNode e) => (string)e["Action"]!;
    }

    [RootFact(Needs = Needs)]
    public async Task A_prune_of_the_whole_machine_leaves_what_is_used()
    {
        _ = (await _cli.RunAsync("tag", "busybox", "kept:1")).Good;
        using var context = new TempFolder("prune");
        context.File("Dockerfile", "FROM busybox\nRUN echo x > /x\n");
        _ = (await _cli.RunAsync("build", "-t", "unused:1", context.FullName)).Good;
        _ = (await _cli.RunAsync("run", "-d", "--name", "user", "kept:1", "sleep", "1000")).Good;
        _ = (await _cli.RunAsync("create", "--name", "idle", "kept:1")).Good;

        var said = (await _cli.RunAsync("system", "prune", "-a", "-f")).Good;
        Assert.Contains("untagged: unused:1", said);
        Assert.Contains("RUN echo x > /x", said);
        Assert.Matches(@"Total reclaimed space: [\d.]+[kM]?B$", said);
        Assert.Equal("user", (await _cli.RunAsync("ps", "-a", "--format", "{{.Names}}")).Good);
        Assert.Contains("kept", (await _cli.RunAsync("images")).Good);
        _ = (await _cli.RunAsync("rm", "-f", "user")).Good;
        _ = (await _cli.RunAsync("rmi", "kept:1")).Good;
        await BusyboxInstance.BuildAsync(_cli, "busybox");
    }

    private async Task<List<JsonNode>> EventsAsync(string since, params string[] more) =>
        [.. (await _cli.RunAsync(["events", "--since", since, "--until", "0s", "--format", "json", .. more])).Good
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
