using System.Text.Json.Nodes;
using Suite.E2e.Tests.Registry;
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
    public async Task All_tags_are_pulled_from_a_registry_that_wants_a_login()
    {
        using var folder = new TempFolder("login");
        // "secret", by `htpasswd -nbB -C 4`.
        var users = folder.File("users", "ann:$2y$04$l4hTPxkc9xYN3TSdnbu6IuPYyhysLz31QU882GG795./1ZkxjaEuK\n");
        await using var registry = new RegistryProcess(
            folder.FullName, $"access:users={users}", "access:rules:0:repositories:0=**", "access:rules:0:who:0=ann", "access:rules:0:allow:0=*");
        await registry.StartAsync(TestContext.Current.CancellationToken);
        var cli = new CliProcess(instance.Suite.Run, new Dictionary<string, string> { ["DOCKER_CONFIG"] = folder.Path("docker") });
        var name = $"{registry.Host}/kept";
        _ = (await cli.RunAsync("tag", "busybox", $"{name}:1")).Good;

        Assert.Contains("wants a login", (await cli.RunAsync("push", "-q", $"{name}:1")).Error);
        _ = (await cli.RunWithInputAsync("secret\n", "login", "-u", "ann", "--password-stdin", registry.Host)).Good;
        _ = (await cli.RunAsync("push", "-q", $"{name}:1")).Good;
        _ = (await cli.RunAsync("rmi", $"{name}:1")).Good;
        Assert.Equal($"{name}:1", (await cli.RunAsync("pull", "-q", "-a", name)).Good);
        _ = (await cli.RunAsync("logout", registry.Host)).Good;
        Assert.Contains("wants to know who you are", (await cli.RunAsync("pull", "-q", "-a", name)).Error);
        _ = (await cli.RunAsync("rmi", $"{name}:1")).Good;
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
        Assert.Equal(["create", "mount", "unmount", "destroy"], (await EventsAsync(since, "-f", "volume=told")).Select(Action));
        Assert.Equal(["commit", "export"], (await EventsAsync(since, "-f", "event=commit", "-f", "event=export")).Select(Action));
        Assert.Contains((await EventsAsync(since, "-f", "type=container", "-f", "event=prune")), e => e["Actor"]!["Attributes"]!["reclaimed"] is not null);
        Assert.Equal(["create"], (await EventsAsync(since, "-f", "label=k=v")).Select(Action).Distinct().Take(1));
        Assert.Equal(["create", "start", "die", "destroy"], (await EventsAsync(since, "-f", "container=teller", "-f", "event=create", "-f", "event=start", "-f", "event=die", "-f", "event=destroy")).Select(Action));
        // All of it in the order of time.
        var times = (await EventsAsync(since)).Select(e => (long)e["timeNano"]!).ToList();
        Assert.Equal(times.Order(), times);
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

        _ = (await _cli.RunAsync("build", "--label", "gone=yes", "-t", "labelled:1", context.FullName)).Good;
        Assert.DoesNotContain("Untagged", (await _cli.RunAsync("image", "prune", "-a", "-f", "--filter", "until=1h")).Good);
        Assert.DoesNotContain("ntagged", (await _cli.RunAsync("system", "prune", "-a", "-f", "--filter", "until=1h")).Good);
        Assert.Contains("Untagged: labelled:1", (await _cli.RunAsync("image", "prune", "-a", "-f", "--filter", "label=gone=yes")).Good);

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

    [RootFact(Needs = Needs)]
    public async Task What_a_person_does_in_a_container_is_told()
    {
        var since = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        _ = (await _cli.RunAsync("run", "--name", "acted", "-v", "acted:/v:ro", "busybox", "true")).Good;
        Assert.Equal(["create", "attach", "start", "die"], (await EventsAsync(since, "-f", "container=acted")).Select(Action));
        var mount = Assert.Single(await EventsAsync(since, "-f", "volume=acted", "-f", "event=mount"))["Actor"]!["Attributes"]!;
        Assert.Equal(((await _cli.RunAsync("inspect", "-f", "{{.Id}}", "acted")).Good, "/v", "false"), ((string)mount["container"]!, (string)mount["destination"]!, (string)mount["read/write"]!));
        _ = (await _cli.RunAsync("rm", "acted")).Good;
        _ = (await _cli.RunAsync("volume", "rm", "acted")).Good;

        _ = (await _cli.RunAsync("run", "-d", "--name", "acted", "busybox", "sleep", "1000")).Good;
        Assert.Equal(3, (await _cli.RunAsync("exec", "acted", "sh", "-c", "exit 3")).ExitCode);
        _ = (await _cli.RunAsync("exec", "-d", "acted", "true")).Good;
        _ = (await _cli.RunAsync("top", "acted")).Good;
        _ = (await _cli.RunAsync("kill", "-s", "USR1", "acted")).Good;
        _ = (await _cli.RunAsync("stop", "-t", "0", "acted")).Good;
        // The end of what runs in the background is told when it comes.
        for (var i = 0; i < 100 && (await EventsAsync(since, "-f", "event=exec_die")).Count < 2; i++)
            await Task.Delay(20, TestContext.Current.CancellationToken);

        var told = await EventsAsync(since, "-f", "container=acted");
        Assert.Equal(
            ["exec_create: sh -c exit 3", "exec_start: sh -c exit 3", "exec_die", "exec_create: true", "exec_start: true", "exec_die"],
            told.Where(e => Action(e).StartsWith("exec_", StringComparison.Ordinal)).OrderBy(e => ExecId(e) == ExecId(told.First(e2 => Action(e2) == "exec_start: true"))).Select(Action));
        Assert.Equal("3", (string)told.First(e => Action(e) == "exec_die" && ExecId(e) == ExecId(told.First(e2 => Action(e2) == "exec_start: sh -c exit 3")))["Actor"]!["Attributes"]!["exitCode"]!);
        Assert.Equal(["10", "9"], told.Where(e => Action(e) == "kill").Select(e => (string)e["Actor"]!["Attributes"]!["signal"]!));
        Assert.Equal(["top", "kill", "kill", "die", "stop"], told.Select(Action).Where(a => !a.StartsWith("exec_", StringComparison.Ordinal)).TakeLast(5));
        _ = (await _cli.RunAsync("rm", "acted")).Good;

        static string ExecId(JsonNode e) => (string)e["Actor"]!["Attributes"]!["execID"]!;
    }

    private static string Action(JsonNode e) => (string)e["Action"]!;

    private async Task<List<JsonNode>> EventsAsync(string since, params string[] more) =>
        [.. (await _cli.RunAsync(["events", "--since", since, "--until", "0s", "--format", "json", .. more])).Good
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
