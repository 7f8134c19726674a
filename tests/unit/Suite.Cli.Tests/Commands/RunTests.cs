using Grpc.Core;
using Suite.Cli.Tests.Fakes;

namespace Suite.Cli.Tests.Commands;

public sealed class RunTests
{
    [Fact]
    public async Task What_the_container_says_comes_out_and_its_exit_code_is_ours()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.Says.AddRange([(Container.V1.Stream.Stdout, "hello world\n"), (Container.V1.Stream.Stderr, "oh\n")]);
        machine.Containers.ExitCode = 3;

        var result = await machine.RunAsync("run", "--rm", "busybox", "echo", "hello world");

        Assert.Equal(new CliResult(3, "hello world\n", "oh\n"), result);
        Assert.Equal(["echo", "hello world"], machine.Containers.Spec!.Command);
        Assert.True(machine.Containers.Spec.AutoRemove);
    }

    [Fact]
    public async Task Options_behind_the_image_are_the_commands_own()
    {
        await using var machine = await FakeMachine.StartAsync();

        await machine.RunAsync("run", "busybox", "sh", "-c", "echo --rm", "--rm", "-it", "--help", "--", "@x");

        Assert.Equal(["sh", "-c", "echo --rm", "--rm", "-it", "--help", "--", "@x"], machine.Containers.Spec!.Command);
        Assert.False(machine.Containers.Spec.Tty || machine.Containers.Spec.Stdin);
        Assert.False(machine.Containers.Spec.AutoRemove);
    }

    [Fact]
    public async Task Every_flag_reaches_the_contract()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Environment["HOME"] = "/root";
        var file = machine.Folder.File("env", "# comment\nA=1\n\nB=2\n");

        var result = await machine.RunAsync(
            "run", "-d", "--name", "web", "-p", "8080:80", "-p127.0.0.1:53:53/udp", "-v", "/srv:/www:ro", "-e", "C=x=y", "-e", "HOME", "-e", "UNSET",
            "--env-file", file, "-w", "/www", "-u", "www:www", "--entrypoint", "/bin/httpd", "--network", "front", "--memory", "512m", "--cpus", "0.5",
            "--pids-limit", "64", "--cap-add", "NET_ADMIN", "--cap-drop", "ALL", "--read-only", "-h", "web1", "--label", "a=b", "--stop-signal", "SIGINT",
            "busybox", "-f");

        Assert.Equal(new CliResult(0, FakeContainers.Id + "\n", ""), result);
        var spec = machine.Containers.Spec!;
        Assert.Equal(("web", "busybox", "/www", "www:www", "web1", "SIGINT"), (spec.Name, spec.Image, spec.WorkingDir, spec.User, spec.Hostname, spec.StopSignal));
        Assert.Equal(["A=1", "B=2", "C=x=y", "HOME=/root"], spec.Env);
        Assert.Equal(["/bin/httpd"], spec.Entrypoint);
        Assert.True(spec.EntrypointSet && spec.ReadOnlyRootfs);
        Assert.Equal((512L << 20, 500_000_000L, 64L), (spec.Resources.MemoryBytes, spec.Resources.NanoCpus, spec.Resources.Pids));
        Assert.Equal([("tcp", 80u, 8080u, ""), ("udp", 53u, 53u, "127.0.0.1")], spec.Ports.Select(p => (p.Protocol, p.ContainerPort, p.HostPort, p.HostIp)));
        Assert.Equal([("/srv", "/www", true)], spec.Mounts.Select(m => (m.Source, m.Target, m.ReadOnly)));
        Assert.Equal(["NET_ADMIN", "ALL", "front", "b"], [.. spec.CapAdd, .. spec.CapDrop, .. spec.Networks, spec.Labels["a"]]);
    }

    [Fact]
    public async Task A_missing_image_is_pulled()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.Images = machine.Images;
        machine.Images.InRegistry.Add("busybox");

        var result = await machine.RunAsync("run", "-d", "busybox");

        Assert.Equal(FakeContainers.Id + "\n", result.Output);
        Assert.Equal(
            """
            The image busybox is not on this machine: pulling it
            busybox: 1 layer
            aabbccddeeff: Downloading
            aabbccddeeff: Done, 2MB

            """,
            result.Error);
    }

    [Fact]
    public async Task An_image_that_is_nowhere_is_125_with_the_registrys_sentence()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.Images = machine.Images;

        var result = await machine.RunAsync("run", "nosuch");

        Assert.Equal((125, ""), (result.ExitCode, result.Output));
        Assert.EndsWith("suite: registry docker.io has no image nosuch\n", result.Error);
    }

    [Theory]
    [InlineData(StatusCode.NotFound, 127)]
    [InlineData(StatusCode.PermissionDenied, 126)]
    [InlineData(StatusCode.AlreadyExists, 125)]
    public async Task A_failed_start_has_dockers_exit_code_and_leaves_nothing(StatusCode status, int exitCode)
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.StartFailure = new Status(status, "cannot start container happy_fox: so it is");

        foreach (var mode in (string[][])[["run", "--rm", "busybox", "x"], ["run", "--rm", "-d", "busybox", "x"]])
        {
            machine.Containers.Calls.Clear();
            var result = await machine.RunAsync(mode);
            Assert.Equal(new CliResult(exitCode, "", "suite: cannot start container happy_fox: so it is\n"), result);
            Assert.Equal($"remove {FakeContainers.Id} by force", machine.Containers.Calls[^1]);
        }
    }

    [Fact]
    public async Task Standard_input_reaches_the_container()
    {
        await using var machine = await FakeMachine.StartAsync();

        await machine.RunWithInputAsync("one\ntwo\n", "run", "-i", "busybox", "cat");

        Assert.Equal("one\ntwo\n", machine.Containers.Input);
    }

    [Fact]
    public async Task A_terminal_is_refused_where_there_is_none()
    {
        await using var machine = await FakeMachine.StartAsync();

        var result = await machine.RunAsync("run", "-it", "busybox");

        Assert.Equal((125, "suite: cannot connect a terminal: standard input is not one; leave -t out to pipe data in\n"), (result.ExitCode, result.Error));
        Assert.Empty(machine.Containers.Calls);
    }
}
