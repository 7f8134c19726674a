using Suite.Cli.Tests.Fakes;

namespace Suite.Cli.Tests.Commands;

public sealed class FurtherRunTests
{
    [Fact]
    public async Task Confinement_and_ports_reach_the_contract()
    {
        await using var machine = await FakeMachine.StartAsync();
        var profile = machine.Folder.File("profile.json", """{ "defaultAction": "SCMP_ACT_ALLOW" }""");

        var result = await machine.RunAsync(
            "run", "-d", "-P", "--expose", "90/udp", "--expose=7000-7001", "--init", "--userns", "private", "--group-add", "staff", "--group-add", "7",
            "--security-opt", $"seccomp={profile}", "--security-opt", "apparmor=web", "--security-opt", "label=level:s0:c1,c2", "--security-opt", "label=type:web_t",
            "--security-opt", "systempaths=unconfined", "--security-opt", "no-new-privileges:false", "--net", "front", "--cpu-quota", "50000",
            "--health-interval", "2s", "busybox");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var spec = machine.Containers.Spec!;
        Assert.True(spec is { PublishAll: true, Init: true, UserMode: "private", UnmaskedPaths: true, AllowNewPrivileges: true });
        Assert.Equal(["90/udp", "7000/tcp", "7001/tcp"], spec.ExposedPorts);
        Assert.Equal(["staff", "7"], spec.Groups);
        Assert.Equal(["front"], spec.Networks);
        Assert.Equal("""{ "defaultAction": "SCMP_ACT_ALLOW" }""", spec.Seccomp);
        Assert.Equal(("web", "system_u:system_r:web_t:s0:c1,c2"), (spec.Apparmor, spec.SelinuxLabel));
        Assert.Equal(500_000_000, spec.Resources.NanoCpus);
        Assert.Equal((2_000_000_000, 0, false), (spec.Health.Interval, spec.Health.Test.Count, spec.Health.None));
    }

    [Theory]
    [InlineData("out", "err", "")]
    [InlineData("out", "", "", "-a", "stdout")]
    [InlineData("", "err", "", "--attach=STDERR")]
    [InlineData("out", "err", "typed", "-a", "stdin", "-a", "stdout", "-a", "stderr")]
    public async Task Streams_that_are_not_named_are_left_out(string output, string error, string input, params string[] options)
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.Says.AddRange([(Container.V1.Stream.Stdout, "out"), (Container.V1.Stream.Stderr, "err")]);

        Assert.Equal(new CliResult(0, output, error), await machine.RunWithInputAsync("typed", ["run", .. options, "busybox"]));
        Assert.Equal(input, machine.Containers.Input);
        Assert.Equal(input.Length > 0, machine.Containers.Spec!.Stdin);
    }

    [Theory]
    [InlineData("cannot use --attach stdnow: there are stdin, stdout, stderr", "-a", "stdnow")]
    [InlineData("--attach and --detach exclude each other", "-d", "-a", "stdout")]
    [InlineData("there are no-new-privileges[=false]", "--security-opt", "nosuch")]
    [InlineData("cannot read the profile of --security-opt seccomp=/no/such", "--security-opt", "seccomp=/no/such")]
    [InlineData("option --rm is true or false, not \"maybe\"", "--rm=maybe")]
    [InlineData("--rm and --restart exclude each other", "--rm", "--restart", "always")]
    [InlineData("cannot use --workdir \"work\": it is not an absolute path", "-w", "work")]
    [InlineData("--cpus and --cpu-quota say the same", "--cpus", "1", "--cpu-quota", "1000")]
    [InlineData("cannot make the file of --cidfile", "--cidfile", "/no/such/folder/id")]
    public async Task What_cannot_be_used_is_125_with_a_sentence(string sentence, params string[] options)
    {
        await using var machine = await FakeMachine.StartAsync();

        var result = await machine.RunAsync(["run", .. options, "busybox"]);

        Assert.Equal(125, result.ExitCode);
        Assert.Contains(sentence, result.Error);
        Assert.DoesNotContain("create", machine.Containers.Calls);
    }

    [Fact]
    public async Task No_healthcheck_is_said()
    {
        await using var machine = await FakeMachine.StartAsync();
        await machine.RunAsync("run", "-d", "--no-healthcheck", "busybox");
        Assert.True(machine.Containers.Spec!.Health.None);
    }

    [Fact]
    public async Task The_id_file_has_the_id_and_one_that_is_there_is_not_written_over()
    {
        await using var machine = await FakeMachine.StartAsync();
        var file = machine.Folder.Path("id");

        Assert.Equal(0, (await machine.RunAsync("create", "--cidfile", file, "busybox")).ExitCode);
        Assert.Equal(FakeContainers.Id, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(125, (await machine.RunAsync("create", "--cidfile", file, "busybox")).ExitCode);
        Assert.Equal(FakeContainers.Id, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_id_file_of_what_was_not_made_is_gone()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.Images = machine.Images;

        Assert.Equal(125, (await machine.RunAsync("create", "--cidfile", machine.Folder.Path("id"), "nosuch")).ExitCode);
        Assert.False(File.Exists(machine.Folder.Path("id")));
    }
}
