using System.Net;
using System.Net.Sockets;
using Suite.Testing.Requirements;

namespace Suite.E2e.Tests.Cli;

/// <summary>Each gets one sentence that names the thing, the right exit code, and leaves nothing half made.</summary>
public sealed class BadInputTests(BusyboxInstance instance) : IClassFixture<BusyboxInstance>
{
    private const Need Needs = Need.Executables | Need.Busybox;

    private readonly CliProcess _cli = instance.Cli;

    [RootFact(Needs = Needs)]
    public Task An_unknown_image() => FailsAsync(125, "nosuch", "run", "--rm", $"{instance.Suite.Registry}/nosuch", "true");

    [RootFact(Needs = Needs)]
    public async Task An_unknown_tag()
    {
        var name = $"{instance.Suite.Registry}/box";
        _ = (await _cli.RunAsync("tag", "busybox", name)).Good;
        _ = (await _cli.RunAsync("push", name)).Good;
        _ = (await _cli.RunAsync("rmi", name)).Good;

        await FailsAsync(1, "9.9", "pull", $"{name}:9.9");
    }

    [RootFact(Needs = Needs)]
    public Task A_registry_that_does_not_answer() => FailsAsync(1, "127.0.0.1:1", "pull", "127.0.0.1:1/busybox");

    [RootFact(Needs = Needs)]
    public async Task An_unknown_container()
    {
        foreach (var command in (string[])["start", "stop", "kill", "rm", "logs", "wait", "port"])
            await FailsAsync(1, "nosuch", command, "nosuch");
        await FailsAsync(1, "nosuch", "exec", "nosuch", "id");
        await FailsAsync(1, "nosuch", "inspect", "nosuch");
    }

    [RootFact(Needs = Needs)]
    public Task An_unknown_command() => FailsAsync(127, "nosuchcommand", "run", "--rm", "busybox", "nosuchcommand");

    [RootFact(Needs = Needs)]
    public Task An_unknown_command_in_the_background() => FailsAsync(127, "nosuchcommand", "run", "-d", "--rm", "busybox", "nosuchcommand");

    [RootFact(Needs = Needs)]
    public Task A_command_that_is_no_program() => FailsAsync(126, "/etc/notes", "run", "--rm", "busybox", "/etc/notes");

    [RootFact(Needs = Needs)]
    public async Task A_network_that_is_not_there()
    {
        await FailsAsync(125, "nosuch", "run", "--rm", "--network", "nosuch", "busybox", "true");
        await FailsAsync(125, "nosuch", "run", "--rm", "--network", "container:nosuch", "busybox", "true");
    }

    [RootFact(Needs = Needs)]
    public async Task A_port_that_another_program_has()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await FailsAsync(125, $"{port}", "run", "--rm", "-p", $"{port}:80", "busybox", "true");
    }

    [RootFact(Needs = Needs)]
    public async Task A_name_that_another_container_has()
    {
        _ = (await _cli.RunAsync("create", "--name", "taken", "busybox")).Good;
        var result = await _cli.RunAsync("create", "--name", "taken", "busybox");

        Assert.Equal((125, ""), (result.ExitCode, result.Output));
        Assert.Contains("taken", OneSentence(result));
        _ = (await _cli.RunAsync("rm", "taken")).Good;
    }

    [RootFact(Needs = Needs)]
    public async Task A_Dockerfile_with_an_instruction_that_does_not_exist()
    {
        using var context = new Suite.Testing.Files.TempFolder("e2ecli");
        context.File("Dockerfile", "FROM scratch\nBOGUS x\n");

        await FailsAsync(1, "BOGUS", "build", context.FullName);
    }

    private async Task FailsAsync(int exitCode, string named, params string[] args)
    {
        var images = (await _cli.RunAsync("images", "-q")).Good;

        var result = await _cli.RunAsync(args);

        Assert.True(exitCode == result.ExitCode, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(named, OneSentence(result), StringComparison.Ordinal);
        Assert.Equal("", (await _cli.RunAsync("ps", "-aq")).Good);
        Assert.Equal(images, (await _cli.RunAsync("images", "-q")).Good);
    }

    private static string OneSentence(CliResult result) =>
        Assert.Single(result.Error.Split('\n'), line => line.StartsWith("suite: ", StringComparison.Ordinal));
}
