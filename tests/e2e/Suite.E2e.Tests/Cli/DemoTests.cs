using System.Diagnostics;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Cli;

/// <summary>The whole path that README promises, command by command.</summary>
public sealed class DemoTests
{
    private const Need Needs = Need.Executables | Need.Busybox;

    [RootFact(Needs = Needs)]
    public async Task An_image_goes_to_the_registry_and_comes_back_as_the_same()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var cli = new CliProcess(suite.Run);
        var name = $"{suite.Registry}/busybox";
        await BusyboxInstance.BuildAsync(cli, name);
        var id = (await cli.RunAsync("inspect", "-f", "{{.Id}}", name)).Good;

        Assert.Equal(name, (await cli.RunAsync("push", name)).Good);
        Assert.Contains("Deleted: ", (await cli.RunAsync("rmi", name)).Good);
        Assert.Equal("", (await cli.RunAsync("images", "-q")).Good);
        Assert.Equal(name, (await cli.RunAsync("pull", name)).Good);
        Assert.Equal("", (await cli.RunAsync("tag", name, "busybox")).Good);

        Assert.Equal(id, (await cli.RunAsync("inspect", "-f", "{{.Id}}", "busybox")).Good);
        Assert.Equal("hello world", (await cli.RunAsync("run", "--rm", "busybox", "echo", "hello world")).Good);
        Assert.Equal("", (await cli.RunAsync("ps", "-aq")).Good);
    }

    [RootFact(Needs = Needs)]
    public async Task A_server_answers_on_its_published_port_and_its_own_address()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var cli = new CliProcess(suite.Run);
        await BusyboxInstance.BuildAsync(cli, "busybox");

        var id = (await cli.RunAsync("run", "-d", "--name", "web", "-p", "127.0.0.1::80", "busybox", "httpd", "-f", "-v", "-h", "/www")).Good;
        var port = (await cli.RunAsync("port", "web", "80")).Good;
        var address = (await cli.RunAsync("inspect", "--format", "{{.NetworkSettings.IPAddress}}", "web")).Good;

        Assert.Equal("hello from a container\n", await FetchAsync($"http://{port}/"));
        Assert.Equal("hello from a container\n", await FetchAsync($"http://{address}/"));
        Assert.Equal(id[..12], (await cli.RunAsync("ps", "-q")).Good);
        Assert.Contains("uid=0", (await cli.RunAsync("exec", "web", "id")).Good);
        var logs = await cli.RunAsync("logs", "web");
        Assert.Contains("response:200", logs.Output + logs.Error);
        Assert.Equal("web", (await cli.RunAsync("stop", "-t", "1", "web")).Good);
        Assert.Equal("exited 137", (await cli.RunAsync("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "web")).Good);
        Assert.Equal("web", (await cli.RunAsync("rm", "web")).Good);
        Assert.Equal("", (await cli.RunAsync("ps", "-aq")).Good);
    }

    private static async Task<string> FetchAsync(string url)
    {
        // The server listens a moment after its process has started.
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var began = Stopwatch.StartNew(); ; await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            try
            {
                return await http.GetStringAsync(url, TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException) when (began.Elapsed < TimeSpan.FromSeconds(5))
            {
            }
        }
    }
}
