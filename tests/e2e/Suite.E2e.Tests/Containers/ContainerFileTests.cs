using Suite.E2e.Tests.Cli;
using Suite.Testing.Files;
using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Containers;

/// <summary>Files of containers from outside: cp, volumes, and the options that make file systems.</summary>
public sealed class ContainerFileTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox;

    [RootFact(Needs = Needs)]
    public async Task Cp_goes_both_ways_running_or_not()
    {
        using var folder = new TempFolder("e2ecp");
        var file = folder.File("here/file", "from here\n");
        _ = await GoodAsync("run", "-d", "--name", "cp", "busybox", "sleep", "1000");
        _ = await GoodAsync("cp", file, "cp:/tmp/");
        Assert.Equal("from here", await GoodAsync("exec", "cp", "cat", "/tmp/file"));
        _ = await GoodAsync("exec", "cp", "sh", "-c", "mkdir /made; echo inside > /made/a; ln -s ../../../../etc /made/out");
        _ = await GoodAsync("kill", "cp");
        _ = await GoodAsync("wait", "cp");

        _ = await GoodAsync("cp", "cp:/made", folder.FullName);
        Assert.Equal("inside\n", File.ReadAllText(Path.Combine(folder.FullName, "made/a")));
        // A link comes as a link, and a path through it stays in the container.
        _ = await GoodAsync("cp", Path.Combine(folder.FullName, "here"), "cp:/made/out/");
        Assert.False(Directory.Exists("/etc/here"));
        _ = await GoodAsync("cp", "cp:/etc/here/file", Path.Combine(folder.FullName, "again"));
        Assert.Equal("from here\n", File.ReadAllText(Path.Combine(folder.FullName, "again")));

        var missing = await instance.Cli.RunAsync("cp", "cp:/no/such", folder.FullName);
        Assert.Equal((1, true), (missing.ExitCode, missing.Error.Contains("there is no /no/such in container cp", StringComparison.Ordinal)));
        _ = await GoodAsync("rm", "cp");
    }

    [RootFact(Needs = Needs)]
    public async Task Volumes_are_filled_kept_counted_and_removed()
    {
        _ = await GoodAsync("run", "--rm", "-v", "web:/www", "busybox", "sh", "-c", "echo more > /www/more");
        Assert.Equal("hello from a container\nmore", await GoodAsync("run", "--rm", "-v", "web:/www:ro", "busybox", "sh", "-c", "cat /www/index.html /www/more"));
        _ = await GoodAsync("create", "--name", "user", "-v", "web:/x", "-v", "/anonymous", "busybox");
        var used = await instance.Cli.RunAsync("volume", "rm", "web");
        Assert.Equal((1, true), (used.ExitCode, used.Error.Contains("container user uses it", StringComparison.Ordinal)));
        Assert.Equal(2, (await GoodAsync("volume", "ls", "-q")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        _ = await GoodAsync("rm", "-v", "user");
        Assert.Equal("web", await GoodAsync("volume", "ls", "-q"));
        _ = await GoodAsync("volume", "rm", "web");
        Assert.Equal("", await GoodAsync("volume", "ls", "-q"));
    }

    [RootFact(Needs = Needs)]
    public async Task What_run_can_be_told_is_so_in_the_container()
    {
        _ = await GoodAsync("run", "-d", "--name", "db", "-e", "SECRET=1", "busybox", "sleep", "1000");
        var said = await GoodAsync(
            "run", "--rm", "--link", "db:base", "--add-host", "me:1.2.3.4", "--ulimit", "nofile=100:200", "--tmpfs", "/scratch:size=1m", "--sysctl", "net.ipv4.ip_forward=1",
            "--dns", "9.9.9.9", "--shm-size", "8m", "--hostname", "named", "--stop-timeout", "1", "busybox",
            "sh", "-c", "cat /etc/hosts /etc/resolv.conf; env; ulimit -n; cat /proc/mounts; hostname; cat /proc/sys/net/ipv4/ip_forward");
        Assert.Contains("1.2.3.4\tme\n", said);
        Assert.Matches("10\\.[0-9.]+\tbase db", said);
        Assert.Contains("BASE_ENV_SECRET=1\n", said);
        Assert.Contains("nameserver 9.9.9.9\n", said);
        Assert.Contains("\n100\n", said);
        Assert.Matches("tmpfs /scratch tmpfs [^\n]*size=1024k", said);
        Assert.EndsWith("named\n1", said);
        _ = await GoodAsync("rm", "-f", "db");
        var dangling = await instance.Cli.RunAsync("run", "--rm", "--link", "db:base", "busybox", "true");
        Assert.Equal(125, dangling.ExitCode);
    }

    [RootFact(Needs = Needs)]
    public async Task A_health_check_has_its_states()
    {
        _ = await GoodAsync("run", "-d", "--name", "ill", "--health-cmd", "[ -e /well ]", "--health-interval", "50ms", "--health-retries", "2", "busybox", "sleep", "1000");
        await UntilAsync("unhealthy");
        _ = await GoodAsync("exec", "ill", "touch", "/well");
        await UntilAsync("healthy");
        _ = await GoodAsync("rm", "-f", "ill");

        async Task UntilAsync(string word)
        {
            while (await GoodAsync("inspect", "-f", "{{.State.Health.Status}}", "ill") != word)
                await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task<string> GoodAsync(params string[] words) => (await instance.Cli.RunAsync(words)).Good;
}
