using Suite.E2e.Tests.Cli;
using Suite.Testing.Files;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Drivers;

/// <summary>What a user does with images and containers, whatever driver keeps them.</summary>
internal static class DriverTour
{
    public static async Task TakeAsync(SuiteInstance suite, string driver)
    {
        var cli = new CliProcess(suite.Run);
        Assert.Contains($"Storage driver: {driver}\n", (await cli.RunAsync("info")).Output, StringComparison.Ordinal);
        await BusyboxInstance.BuildAsync(cli, "busybox");
        using var context = new TempFolder("e2etour");
        context.File("notes", "second layer\n");
        context.File("Dockerfile", "FROM busybox\nCOPY notes /www/notes\nRUN rm /www/index.html && touch /www/made\nUSER nobody\n");
        var name = $"{suite.Registry}/app";
        _ = (await cli.RunAsync("build", "-t", name, context.FullName)).Good;

        // A user by name is looked up in the root file system before anybody mounts it.
        Assert.Equal("second layer\n65534\n", (await cli.RunAsync("run", "--rm", name, "sh", "-c", "cat /www/notes; id -u")).Output);
        _ = (await cli.RunAsync("run", "-d", "--name", "one", "busybox", "sh", "-c", "echo mine >/own; rm /etc/notes; sleep 1000")).Good;
        Assert.Equal("no such\n", (await cli.RunAsync("run", "--rm", "busybox", "sh", "-c", "cat /own 2>/dev/null || echo no such; cat /etc/notes >/dev/null")).Output);
        Assert.Equal("mine\n", (await cli.RunAsync("exec", "one", "cat", "/own")).Output);
        _ = (await cli.RunAsync("rm", "-f", "one")).Good;

        _ = (await cli.RunAsync("push", name)).Good;
        _ = (await cli.RunAsync("rmi", name)).Good;
        _ = (await cli.RunAsync("pull", name)).Good;
        Assert.Equal("second layer\n", (await cli.RunAsync("run", "--rm", name, "cat", "/www/notes")).Output);
        Assert.Equal("made\nnotes\n", (await cli.RunAsync("run", "--rm", name, "ls", "/www")).Output);
        _ = (await cli.RunAsync("rmi", name, "busybox")).Good;
        // What builds keep for the next ones is layers, too.
        _ = (await cli.RunAsync("builder", "prune", "--force")).Good;
        Assert.Contains(" Layers: 0\n", (await cli.RunAsync("info")).Output, StringComparison.Ordinal);
    }
}
