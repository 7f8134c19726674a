using Suite.E2e.Tests.Cli;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Builds;

/// <summary>What a build does beside its image: the cache, failures, kills, outputs.</summary>
public sealed class BuildTests(BusyboxInstance machine) : IClassFixture<BusyboxInstance>, IDisposable
{
    private readonly TempFolder _folder = new("e2ebuild");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [RootFact]
    public async Task A_step_is_done_again_when_what_it_depends_on_changed_and_only_then()
    {
        _folder.File("x", "1");
        var first = await BuildAsync("FROM busybox\nARG A=1\nCOPY x /x\nRUN cat /x > /y && echo $A > /a\nRUN echo done");
        Assert.Equal(0, Cached(first));

        // A time is no change; a restart forgets nothing.
        File.SetLastWriteTimeUtc(_folder.Path("x"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await machine.Suite.RestartAsync("image");
        var again = await BuildAsync("FROM busybox\nARG A=1\nCOPY x /x\nRUN cat /x > /y && echo $A > /a\nRUN echo done");
        Assert.Equal((3, first.Output), (Cached(again), again.Output));

        // Another value of an argument is one, from the first command that sees it.
        Assert.Equal(1, Cached(await BuildAsync("FROM busybox\nARG A=1\nCOPY x /x\nRUN cat /x > /y && echo $A > /a\nRUN echo done", "--build-arg", "A=2")));
        File.SetUnixFileMode(_folder.Path("x"), (UnixFileMode)0x1ED);
        Assert.Equal(0, Cached(await BuildAsync("FROM busybox\nARG A=1\nCOPY x /x\nRUN cat /x > /y && echo $A > /a\nRUN echo done")));
        _folder.File("x", "2");
        Assert.Equal(0, Cached(await BuildAsync("FROM busybox\nARG A=1\nCOPY x /x\nRUN cat /x > /y && echo $A > /a\nRUN echo done")));
        Assert.Equal(0, Cached(await BuildAsync("FROM busybox\nARG A=1\nCOPY x /x\nRUN cat /x > /y && echo $A > /a\nRUN echo done", "--no-cache")));

        _ = (await machine.Cli.RunAsync("builder", "prune", "--force")).Good;
        Assert.Equal(0, Cached(await BuildAsync("FROM busybox\nARG A=1\nCOPY x /x\nRUN cat /x > /y && echo $A > /a\nRUN echo done")));
    }

    [RootFact]
    public async Task A_command_that_fails_is_shown_with_its_line_and_leaves_nothing()
    {
        var failed = await BuildAsync("FROM busybox\nRUN echo before\n\nRUN echo why >&2; exit 3\nRUN true");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains(" why\n", failed.Error, StringComparison.Ordinal);
        Assert.Contains("   4 | >>> RUN echo why >&2; exit 3\n", failed.Error, StringComparison.Ordinal);
        Assert.EndsWith("suite: Dockerfile line 4: process \"/bin/sh -c echo why >&2; exit 3\" did not complete successfully: exit code: 3.\n", failed.Error, StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [RootFact]
    public async Task A_secret_that_a_command_writes_into_a_file_ends_the_build()
    {
        _folder.File("secret", "very confidential\n");
        var failed = await BuildAsync("FROM busybox\nRUN --mount=type=secret,id=s cat /run/secrets/s > /leak", "--secret", $"id=s,src={_folder.Path("secret")}");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("line 2: the secret 's' would end in the image", failed.Error, StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [RootFact(Needs = Need.Git)]
    public async Task An_agent_is_lent_to_the_commands_that_mount_it_and_is_nothing_of_the_image()
    {
        await AddHostProgramAsync("/usr/bin/ssh-add");
        await GenerateKeyAsync("first");
        await GenerateKeyAsync("second");
        const string dockerfile = "FROM busybox\nCOPY tools /\nRUN --mount=type=ssh,id=deploy,required=true ssh-add -l > /keys; stat -c '%n %a' $SSH_AUTH_SOCK >> /keys\n"
            + "RUN --mount=type=ssh,id=deploy,target=/tmp/agent,uid=7,gid=8,mode=0660 stat -c '%u %g %a' /tmp/agent >> /keys\nRUN --mount=type=ssh true";
        Assert.Contains("Dockerfile line 3: RUN needs the ssh agent 'deploy': lend it with --ssh deploy.", (await BuildAsync(dockerfile)).Error, StringComparison.Ordinal);

        var built = (await BuildAsync(dockerfile, "-t", "agent", "--ssh", $"deploy={_folder.Path("first")}")).Good;
        var keys = (await machine.Cli.RunAsync("run", "--rm", "agent", "cat", "/keys")).Good.Split('\n');
        Assert.Contains(" the first key (ED25519)", keys[0], StringComparison.Ordinal);
        Assert.Equal(["/run/buildkit/ssh_agent.0 600", "7 8 660"], keys[1..]);
        Assert.Equal("", (await machine.Cli.RunAsync("run", "--rm", "agent", "ls", "/run", "/tmp")).Good.Replace("/run:", "", StringComparison.Ordinal).Replace("/tmp:", "", StringComparison.Ordinal).Trim());

        // Whose keys they are does not count for the cache.
        var again = await BuildAsync(dockerfile, "-t", "agent", "--ssh", $"deploy={_folder.Path("second")}");
        Assert.Equal((4, built), (Cached(again), again.Good));
        await NothingIsLeftAsync();
    }

    [RootFact(Needs = Need.Git)]
    public async Task A_repository_is_added_and_is_a_context()
    {
        using var server = await GitDaemon.StartAsync(Token);
        server.Commit("r", ("app/Dockerfile", $"FROM busybox\nADD {server.UrlOf("r")}#main:app /src\nCOPY only /\n"), ("app/only", "o"));
        _ = (await machine.Cli.RunAsync("build", "-t", "cloned", $"{server.UrlOf("r")}#main:app")).Good;
        Assert.Equal("Dockerfile\nonly\no", (await machine.Cli.RunAsync("run", "--rm", "cloned", "sh", "-c", "ls /src; cat /only")).Good);
        var failed = await BuildAsync($"FROM scratch\n\nADD {server.UrlOf("r")}#none /");
        Assert.Contains("   3 | >>> ADD git://", failed.Error, StringComparison.Ordinal);
        Assert.Contains("has no branch or tag 'none'", failed.Error, StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [RootFact]
    public async Task A_check_warns_and_builds_nothing()
    {
        var warned = await BuildAsync("from busybox AS Base\nRUN exit 1\nWORKDIR a\n", "--check", "-t", "checked");
        Assert.Equal((1, ""), (warned.ExitCode, warned.Output));
        foreach (var rule in new[] { "StageNameCasing", "FromAsCasing", "ConsistentInstructionCasing", "WorkdirRelativePath" })
            Assert.Contains($"WARN: {rule}: ", warned.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await machine.Cli.RunAsync("inspect", "checked")).ExitCode);
        Assert.Equal(new CliResult(0, "", "Check complete, no warnings found.\n"), await BuildAsync("FROM busybox\nRUN exit 1\n", "--check"));
        Assert.Contains("line 2", (await BuildAsync("FROM busybox\nNOSUCH x\n", "--check")).Error, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task With_a_source_date_the_same_input_gives_the_same_digest()
    {
        _folder.File("x", "1");
        const string dockerfile = "FROM busybox\nCOPY x /x\nWORKDIR /w\nRUN echo 1 > one; touch /tmp/two; ln -s one three";
        var first = (await BuildAsync(dockerfile, "--build-arg", "SOURCE_DATE_EPOCH=1000000", "--no-cache")).Good;
        await Task.Delay(1100, Token);
        Assert.Equal(first, (await BuildAsync(dockerfile, "--build-arg", "SOURCE_DATE_EPOCH=1000000", "--no-cache")).Good);
        Assert.NotEqual(first, (await BuildAsync(dockerfile, "--build-arg", "SOURCE_DATE_EPOCH=1000001", "--no-cache")).Good);
    }

    [RootFact]
    public async Task A_build_that_is_cut_off_leaves_nothing()
    {
        _folder.File("Dockerfile", "FROM busybox\nRUN touch /begun; sleep 1000");
        using var process = machine.Cli.Start("build", "--progress", "plain", _folder.FullName);
        await ContainerRunsAsync();
        Suite.Linux.Processes.ProcessSignals.Send(process.Id, 2);
        await CliProcess.EndOfAsync(process);
        await NothingIsLeftAsync();
    }

    [RootFact]
    public async Task A_kill_of_the_image_service_within_a_build_leaves_nothing()
    {
        _folder.File("Dockerfile", "FROM busybox\nRUN touch /begun; sleep 1000");
        using var process = machine.Cli.Start("build", "--progress", "plain", _folder.FullName);
        await ContainerRunsAsync();
        await machine.Suite.Service("image").KillAsync();
        Assert.Equal(1, (await CliProcess.EndOfAsync(process)).ExitCode);
        machine.Suite.Expect("image.sock");
        await machine.Suite.StartServiceAsync("image");
        await NothingIsLeftAsync();
        _ = (await BuildAsync("FROM busybox\nRUN echo again")).Good;
    }

    [RootFact]
    public async Task Stages_that_do_not_need_each_other_are_built_at_the_same_time()
    {
        // Each waits for what only the other one gives, through a folder that both see.
        const string wait = "--mount=type=cache,id=meet,target=/m";
        var built = await BuildAsync(
            $"FROM busybox AS a\nRUN {wait} touch /m/a; i=0; while [ ! -e /m/b ]; do i=$((i+1)); [ $i -lt 100 ] || exit 9; sleep 0.1; done; touch /a\n"
            + $"FROM busybox AS b\nRUN {wait} touch /m/b; i=0; while [ ! -e /m/a ]; do i=$((i+1)); [ $i -lt 100 ] || exit 9; sleep 0.1; done; touch /b\n"
            + "FROM scratch\nCOPY --from=a /a /a\nCOPY --from=b /b /b");
        Assert.Equal(0, built.ExitCode);
    }

    [RootFact]
    public async Task Outputs_are_folders_and_archives()
    {
        _folder.File("x", "1");
        _ = (await BuildAsync("FROM scratch\nCOPY x /bin/x\nENTRYPOINT [\"/bin/x\"]", "-o", _folder.Path("out"))).Good;
        Assert.Equal("1", await File.ReadAllTextAsync(_folder.Path("out", "bin", "x"), Token));

        _ = (await BuildAsync("FROM scratch\nCOPY x /bin/x\nENTRYPOINT [\"/bin/x\"]", "-o", $"type=docker,dest={_folder.Path("image.tar")}", "-t", "loaded:1")).Good;
        Assert.NotEqual(0, (await machine.Cli.RunAsync("inspect", "loaded:1")).ExitCode);
        _ = (await machine.Cli.RunAsync("load", "-i", _folder.Path("image.tar"))).Good;
        Assert.Contains("/bin/x", (await machine.Cli.RunAsync("inspect", "loaded:1")).Good, StringComparison.Ordinal);

        _ = (await BuildAsync("FROM scratch\nCOPY x /x", "--platform", "linux/amd64,linux/arm64", "-o", $"type=oci,dest={_folder.Path("both.tar")}")).Good;
        Assert.True(new FileInfo(_folder.Path("both.tar")).Length > 0);
        var foreign = await BuildAsync("FROM scratch\nCOPY x /x\nRUN /x", "--platform", "linux/s390x");
        Assert.Contains("line 3: RUN is for linux/s390x", foreign.Error, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task An_image_for_several_platforms_is_pushed_as_an_index()
    {
        _folder.File("x", "1");
        var name = $"{machine.Suite.Registry}/multi:1";
        _ = (await BuildAsync("FROM scratch\nARG TARGETARCH\nCOPY x /x-$TARGETARCH", "--platform", "linux/amd64,linux/arm64", "-t", name, "--push")).Good;
        using var client = new HttpClient();
        var index = await client.GetAsync($"http://{machine.Suite.Registry}/v2/multi/manifests/1", Token);
        Assert.Equal("application/vnd.oci.image.index.v1+json", index.Content.Headers.ContentType!.MediaType);
        var text = await index.Content.ReadAsStringAsync(Token);
        Assert.Contains("\"architecture\":\"amd64\"", text, StringComparison.Ordinal);
        Assert.Contains("\"architecture\":\"arm64\"", text, StringComparison.Ordinal);
        // What was pushed can be pulled, each for itself.
        _ = (await machine.Cli.RunAsync("pull", "--platform", "linux/arm64", name)).Good;
    }

    private async Task<CliResult> BuildAsync(string dockerfile, params string[] flags)
    {
        _folder.File("Dockerfile", dockerfile);
        _folder.File(".dockerignore", "out\nimage.tar\nboth.tar\nsecret\nfirst*\nsecond*\nDockerfile\n.dockerignore\n");
        return await machine.Cli.RunAsync(["build", "--progress", "plain", .. flags, _folder.FullName]);
    }

    /// <summary>With the libraries that it is linked to, where it looks for them.</summary>
    private async Task AddHostProgramAsync(string program)
    {
        using var ldd = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("ldd", [program]) { RedirectStandardOutput = true })!;
        var listed = await ldd.StandardOutput.ReadToEndAsync(Token);
        await ldd.WaitForExitAsync(Token);
        var libraries = listed.Split('\n').Select(l => l.Trim().Split(' ')).Select(w => w.Length > 2 && w[1] == "=>" ? w[2] : w[0]).Where(f => f.StartsWith('/'));
        foreach (var file in libraries.Append(program))
        {
            var copy = _folder.Path("tools" + file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // The base has its commands in /bin alone.
        Directory.CreateDirectory(_folder.Path("tools", "bin"));
        File.Move(_folder.Path("tools" + program), _folder.Path("tools", "bin", Path.GetFileName(program)));
    }

    private async Task GenerateKeyAsync(string name)
    {
        using var keygen = System.Diagnostics.Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", $"the {name} key", "-f", _folder.Path(name)]);
        await keygen.WaitForExitAsync(Token);
        Assert.Equal(0, keygen.ExitCode);
    }

    private static int Cached(CliResult built)
    {
        Assert.True(built.ExitCode == 0, built.Error);
        // The base image is always here.
        return built.Error.Split('\n').Count(l => l.EndsWith(" CACHED", StringComparison.Ordinal)) - 1;
    }

    private async Task ContainerRunsAsync()
    {
        for (var i = 0; i < 100; i++)
        {
            if ((await machine.Cli.RunAsync("ps", "-q")).Good.Length > 0) return;
            await Task.Delay(50, Token);
        }

        Assert.Fail("the build's container never ran");
    }

    private async Task NothingIsLeftAsync()
    {
        for (var i = 0; ; i++)
        {
            var containers = (await machine.Cli.RunAsync("ps", "-a", "-q")).Good;
            var temporary = Path.Combine(machine.Suite.Root, "image", "builds-tmp");
            var secrets = Path.Combine(machine.Suite.Run, "build-secrets");
            var left = new[] { temporary, secrets, Path.Combine(machine.Suite.Root, "image", "overlay", "r") }
                .Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries).ToArray();
            if (containers.Length == 0 && left.Length == 0) return;
            Assert.True(i < 100, $"left: {containers} {string.Join(' ', left)}");
            await Task.Delay(100, Token);
        }
    }
}
