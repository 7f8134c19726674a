using System.Formats.Tar;
using System.Text.RegularExpressions;
using Suite.Cli.Tests.Fakes;
using Suite.Graph.V1;
using Suite.Testing.Requirements;

namespace Suite.Cli.Tests.Commands;

public sealed partial class BuildTests
{
    [Fact]
    public async Task The_context_arrives_as_a_list_without_what_is_ignored()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        machine.Folder.File("context/.dockerignore", "# no notes\n*.md\n!README.md\n**/obj\nDockerfile\n");
        machine.Folder.File("context/README.md", "read");
        machine.Folder.File("context/notes.md", "no");
        machine.Folder.File("context/src/obj/x", "no");
        var big = new string('x', 200_000);
        machine.Folder.File("context/src/a.c", big);
        File.CreateSymbolicLink(machine.Folder.Path("context", "link"), "src/a.c");
        machine.Images.Wanted["src/a.c"] = "";
        machine.Images.Wanted[".dockerignore"] = "";

        var result = await machine.RunAsync("build", "-t", "app:1", "--build-arg", "V=2", machine.Folder.Path("context"));

        Assert.Equal((0, "sha256:2222\n"), (result.ExitCode, result.Output));
        Assert.Equal(
            ["#1 [stage-0 1/1] FROM scratch", "#1 S half a line", "#1 DONE 1.5s", "WARN: FromAsCasing: casing (line 1)", "Tagged app:1"],
            Seconds().Replace(result.Error, " S ").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var built = machine.Images.Built!;
        Assert.Equal(("Dockerfile", "FROM scratch\n", "2", "app:1"), (built.Dockerfile, built.DockerfileContent.ToStringUtf8(), built.BuildArgs["V"], built.Tags[0]));
        Assert.Equal(["*.md", "!README.md", "**/obj", "Dockerfile"], built.Ignored);
        var entries = machine.Images.Context.ToDictionary(e => e.Path);
        Assert.Equal([".dockerignore", "README.md", "link", "src", "src/a.c"], entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((0x81A4u, 200_000ul, 32), (entries["src/a.c"].Mode & 0xF1FF, entries["src/a.c"].Size, entries["src/a.c"].Digest.Length));
        Assert.Equal((0xA000u, "src/a.c"), (entries["link"].Mode & 0xF000, entries["link"].LinkTarget));
        // Only what was asked for is sent, whole.
        Assert.Equal(big, machine.Images.Wanted["src/a.c"]);
        Assert.StartsWith("# no notes", machine.Images.Wanted[".dockerignore"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Dockerfile_may_be_outside_of_the_context_or_on_standard_input()
    {
        await using var machine = await FakeMachine.StartAsync();
        var dockerfile = machine.Folder.File("other/My.Dockerfile", "FROM scratch\n");
        machine.Folder.File("other/My.Dockerfile.dockerignore", "secret\n");
        machine.Folder.File("context/secret", "no");

        await machine.RunAsync("build", "-f", dockerfile, machine.Folder.Folder("context"));
        Assert.Empty(machine.Images.Context);
        Assert.Equal(("My.Dockerfile", "FROM scratch\n"), (machine.Images.Built!.Dockerfile, machine.Images.Built.DockerfileContent.ToStringUtf8()));

        await using var second = await FakeMachine.StartAsync();
        await second.RunWithInputAsync("FROM busybox\n", "build", "-f", "-", second.Folder.Folder("context"));
        Assert.Equal("FROM busybox\n", second.Images.Built!.DockerfileContent.ToStringUtf8());
    }

    [Fact]
    public async Task Options_arrive_as_they_are_meant()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        var secret = machine.Folder.File("secret", "hidden");
        machine.Environment["TOKEN"] = "t";
        machine.Environment["SOURCE_DATE_EPOCH"] = "7";
        var id = machine.Folder.Path("iid");

        var result = await machine.RunAsync(
            "build", "-q", "--secret", $"id=a,src={secret}", "--secret", "id=b,env=TOKEN", "--target", "x", "--no-cache", "--pull", "--push", "--platform", "linux/amd64,linux/arm64",
            "--allow", "network.host", "--network", "none", "--add-host", "h:1.2.3.4", "--label", "k=v", "--iidfile", id, "-o", "type=image,name=n:1", machine.Folder.Path("context"));

        Assert.Equal(new CliResult(0, "sha256:2222\n", ""), result);
        var built = machine.Images.Built!;
        Assert.Equal(("hidden", "t"), (built.Secrets["a"].Value.ToStringUtf8(), built.Secrets["b"].Value.ToStringUtf8()));
        Assert.Equal(("x", true, true, true, "linux/amd64,linux/arm64", "none"), (built.Target, built.NoCache, built.Pull, built.Push, built.Platform, built.Network));
        Assert.Equal(("network.host", "h:1.2.3.4", "v", "n:1", "7"), (built.Allow[0], built.ExtraHosts[0], built.Labels["k"], built.Tags[0], built.BuildArgs["SOURCE_DATE_EPOCH"]));
        Assert.Equal("sha256:2222", await File.ReadAllTextAsync(id, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("type=oci,dest=F", BuildOutputKind.Oci)]
    [InlineData("type=docker,dest=F", BuildOutputKind.Docker)]
    [InlineData("type=tar,dest=F", BuildOutputKind.Tree)]
    public async Task An_archive_becomes_a_file(string output, BuildOutputKind kind)
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        machine.Images.BuildArchive = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        var file = machine.Folder.Path("out");

        var result = await machine.RunAsync("build", "-q", "-o", output.Replace("F", file, StringComparison.Ordinal), machine.Folder.Path("context"));

        Assert.Equal(new CliResult(0, "", ""), result);
        Assert.Equal(kind, machine.Images.Built!.Output);
        Assert.Equal(machine.Images.BuildArchive, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_local_output_is_a_folder_of_files()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "bin/") { Mode = (UnixFileMode)0x1ED });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "bin/app") { Mode = (UnixFileMode)0x1ED, DataStream = new MemoryStream("program"u8.ToArray()) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "app") { LinkName = "bin/app" });
        }

        machine.Images.BuildArchive = archive.ToArray();
        Assert.Equal(0, (await machine.RunAsync("build", "-q", "-o", machine.Folder.Path("out"), machine.Folder.Path("context"))).ExitCode);
        Assert.Equal("program", await File.ReadAllTextAsync(machine.Folder.Path("out", "app"), TestContext.Current.CancellationToken));
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(machine.Folder.Path("out", "bin", "app")));
    }

    [Fact]
    public async Task A_failure_shows_the_lines_that_it_is_about()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\nRUN false\nENV a=b\n");
        machine.Images.BuildFailure = "Dockerfile line 2: process did not complete";

        var result = await machine.RunAsync("build", machine.Folder.Path("context"));

        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith(
            """
            Dockerfile:2
            --------------------
               1 |     FROM scratch
               2 | >>> RUN false
               3 |     ENV a=b
            --------------------
            suite: Dockerfile line 2: process did not complete

            """,
            result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_the_steps_are_one_picture()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");

        var done = (await machine.RunAsync("build", "--progress", "tty", machine.Folder.Path("context"))).Error;
        Assert.Contains("(1/1) FINISHED", done, StringComparison.Ordinal);
        Assert.Contains(" => [stage-0 1/1] FROM scratch", done, StringComparison.Ordinal);
        Assert.Contains(" 1 warning found:\n - FromAsCasing: casing (line 1)\n", done, StringComparison.Ordinal);

        // What a command that failed has printed stays on the screen.
        machine.Images.BuildFailure = "Dockerfile line 1: failed";
        var failed = (await machine.RunAsync("build", "--progress", "tty", machine.Folder.Path("context"))).Error;
        Assert.Contains("------\n > [stage-0 1/1] FROM scratch:\nhalf a line\n------\n", failed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--progress", "loud", "--progress loud is not known")]
    [InlineData("--output", "type=zip", "the type 'zip' is not known")]
    [InlineData("--output", "type=local", "needs dest=FOLDER")]
    [InlineData("--secret", "src=x", "has no id")]
    [InlineData("--secret", "id=x,src=/none", "cannot read /none")]
    [InlineData("--secret", "id=x,env=NONE", "there is no variable NONE")]
    [InlineData("--ssh", "default", "SSH_AUTH_SOCK is not set")]
    [InlineData("--ssh", "=x", "has no id")]
    [InlineData("--ssh", "x=/none", "there is no /none")]
    [InlineData("--ssh", "x=/etc/passwd", "the key /etc/passwd cannot be used")]
    public async Task Options_that_make_no_sense_are_refused(string option, string value, string says)
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        var result = await machine.RunAsync("build", option, value, machine.Folder.Path("context"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_in_the_context_neither_travels_nor_blocks()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", machine.Folder.Path("context", "pipe")))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, (await machine.RunAsync("build", machine.Folder.Path("context"))).ExitCode);
        Assert.Equal(["Dockerfile"], machine.Images.Context.Select(e => e.Path));
    }

    [Fact]
    public async Task A_Dockerfile_alone_comes_by_standard_input()
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal(0, (await machine.RunWithInputAsync("FROM scratch\nLABEL a=b\n", "build", "-")).ExitCode);
        Assert.Equal("FROM scratch\nLABEL a=b\n", machine.Images.Built!.DockerfileContent.ToStringUtf8());
        Assert.Empty(machine.Images.Context);
        Assert.Contains("cannot be the context and the Dockerfile", (await machine.RunAsync("build", "-f", "-", "-")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_context_may_be_an_archive(bool packed)
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/sub/My", "FROM scratch\n");
        machine.Folder.File("context/.dockerignore", "no\n");
        machine.Folder.File("context/no", "no");
        machine.Folder.File("context/a", "a");
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            foreach (var name in new[] { "sub/My", ".dockerignore", "no", "a" })
                tar.WriteEntry(machine.Folder.Path("context", name), name);
        }

        Assert.Equal(0, (await machine.RunWithInputAsync(packed ? Packed(archive) : archive.ToArray(), "build", "-f", "sub/My", "-")).ExitCode);
        Assert.Equal("FROM scratch\n", machine.Images.Built!.DockerfileContent.ToStringUtf8());
        Assert.Equal([".dockerignore", "a", "sub", "sub/My"], machine.Images.Context.Select(e => e.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_archive_that_leads_out_of_itself_is_refused()
    {
        await using var machine = await FakeMachine.StartAsync();
        var outside = machine.Folder.File("outside", "FROM scratch\n");
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true)) tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "Dockerfile") { LinkName = outside });
        Assert.Contains("leads out of it", (await machine.RunWithInputAsync(archive.ToArray(), "build", "-")).Error, StringComparison.Ordinal);
        archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true)) tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "../../x"));
        Assert.Contains("leads out of", (await machine.RunWithInputAsync(archive.ToArray(), "build", "-")).Error, StringComparison.Ordinal);
        Assert.Contains("no whole archive", (await machine.RunWithInputAsync(archive.ToArray()[..700], "build", "-")).Error, StringComparison.Ordinal);
    }

    [RootFact(Needs = Need.Git)]
    public async Task A_git_repository_is_a_context()
    {
        using var server = await Suite.Testing.Services.GitDaemon.StartAsync(TestContext.Current.CancellationToken);
        var first = server.Commit("r", ("Dockerfile", "FROM scratch\n"), ("a", "1"), ("sub/Dockerfile", "FROM busybox\n"));
        server.Commit("r", ("b", "2"));
        var url = server.UrlOf("r");
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal(0, (await machine.RunAsync("build", url)).ExitCode);
        Assert.Equal(["Dockerfile", "a", "b", "sub", "sub/Dockerfile"], machine.Images.Context.Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.Equal(0x81A4u, machine.Images.Context.Single(e => e.Path == "a").Mode);

        await using var second = await FakeMachine.StartAsync();
        Assert.Equal(0, (await second.RunAsync("build", $"{url}#{first}")).ExitCode);
        Assert.DoesNotContain(second.Images.Context, e => e.Path == "b");
        await using var third = await FakeMachine.StartAsync();
        Assert.Equal(0, (await third.RunAsync("build", $"{url}#main:sub")).ExitCode);
        Assert.Equal("FROM busybox\n", third.Images.Built!.DockerfileContent.ToStringUtf8());
        await using var fourth = await FakeMachine.StartAsync();
        Assert.Equal(0, (await fourth.RunAsync("build", "--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=1", url)).ExitCode);
        Assert.Contains(fourth.Images.Context, e => e.Path == ".git/HEAD");

        var missing = await machine.RunAsync("build", $"{url}#none");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains($"suite: cannot build from {url}: git", missing.Error, StringComparison.Ordinal);
        Assert.Contains("has no folder none", (await machine.RunAsync("build", $"{url}#:none")).Error, StringComparison.Ordinal);
        Assert.Contains("leads to the commit", (await machine.RunAsync("build", $"{url}?checksum=0000")).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), "suite-build-*"));
    }

    [RootFact(Needs = Need.Git)]
    public async Task Agents_and_keys_answer_to_a_build()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        var key = machine.Folder.Path("key");
        using (var keygen = System.Diagnostics.Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "a comment", "-f", key])) await keygen.WaitForExitAsync(TestContext.Current.CancellationToken);
        // An agent that answers everything with no identities.
        var socket = machine.Folder.Path("agent");
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(socket));
        listener.Listen();
        var answering = Task.Run(async () =>
        {
            using var connected = await listener.AcceptAsync();
            await connected.ReceiveAsync(new byte[64]);
            await connected.SendAsync(new byte[] { 0, 0, 0, 5, 12, 0, 0, 0, 0 });
            return await connected.ReceiveAsync(new byte[64]);
        }, TestContext.Current.CancellationToken);
        machine.Environment["SSH_AUTH_SOCK"] = socket;
        machine.Images.AgentQuestion = [0, 0, 0, 1, 11]; // SSH_AGENTC_REQUEST_IDENTITIES

        var result = await machine.RunAsync("build", "--ssh", "default", "--ssh", $"deploy={key}", machine.Folder.Path("context"));

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal([0, 0, 0, 5, 12, 0, 0, 0, 0], machine.Images.AgentAnswers["default"]);
        Assert.Equal(0, await answering); // the end of the connection came through
        Assert.Contains("a comment", System.Text.Encoding.Latin1.GetString(machine.Images.AgentAnswers["deploy"]), StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), "suite-agent-*"));
    }

    [Fact]
    public async Task A_check_builds_nothing_and_fails_when_it_warns()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        var result = await machine.RunAsync("build", "--check", "-t", "a", machine.Folder.Path("context"));
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.EndsWith("WARN: FromAsCasing: casing (line 1)\nCheck complete, 1 warning found.\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(BuildOutputKind.Check, machine.Images.Built!.Output);
    }

    [Fact]
    public async Task Colours_are_left_out_where_NO_COLOR_says_so()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Folder.File("context/Dockerfile", "FROM scratch\n");
        Assert.Contains("\e[34m", (await machine.RunAsync("build", "--progress", "tty", machine.Folder.Path("context"))).Error, StringComparison.Ordinal);
        machine.Environment["NO_COLOR"] = "1";
        var plain = (await machine.RunAsync("build", "--progress", "tty", machine.Folder.Path("context"))).Error;
        Assert.DoesNotMatch(@"\e\[[0-9;]*m", plain);
        Assert.Contains("FINISHED", plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_Dockerfile_is_named()
    {
        await using var machine = await FakeMachine.StartAsync();
        var folder = machine.Folder.Folder("context");

        Assert.Equal(
            new CliResult(1, "", $"suite: cannot build from {folder}: there is no file {folder}/Dockerfile; say with -f where the Dockerfile is\n"),
            await machine.RunAsync("build", folder));
    }

    [Fact]
    public async Task The_cache_is_pruned_within_limits()
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal(
            new CliResult(0, "2MB\tRUN make\nReclaimable space: 2MB\n", ""),
            await machine.RunAsync("builder", "prune", "--dry-run", "--keep-storage", "1g", "--filter", "until=1970-01-02T00:00:00Z"));
        Assert.Equal((true, 1ul << 30, 86_400L), (machine.Images.BuildsPruned!.DryRun, machine.Images.BuildsPruned.KeepBytes, machine.Images.BuildsPruned.UnusedSince));
        Assert.Equal(1, (await machine.RunAsync("builder", "prune")).ExitCode);
    }

    private static byte[] Packed(MemoryStream archive)
    {
        var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
            gzip.Write(archive.ToArray());
        return packed.ToArray();
    }

    [GeneratedRegex(@" \d+\.\d{3} ")]
    private static partial Regex Seconds();
}
