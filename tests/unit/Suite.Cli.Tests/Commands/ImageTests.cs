using Suite.Cli.Output;
using Suite.Cli.Tests.Fakes;
using Suite.Graph.V1;

namespace Suite.Cli.Tests.Commands;

public sealed class ImageTests
{
    private static long Before(double seconds) => Timestamps.ToNanoseconds(FakeMachine.Now.AddSeconds(-seconds));

    [Fact]
    public async Task History_shows_the_newest_step_first_with_the_size_of_its_layer()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Images.Inspected = new InspectResponse
        {
            Image = new ImageInfo
            {
                Id = "sha256:0123456789abcdef",
                History =
                {
                    new HistoryEntry { CreatedAt = Before(7200), CreatedBy = "COPY rootfs /" },
                    new HistoryEntry { CreatedAt = Before(3700), CreatedBy = "CMD  [\"sh\"]", EmptyLayer = true },
                    new HistoryEntry { CreatedAt = Before(30), CreatedBy = "sh", Comment = "by hand" },
                },
            },
            LayerSizes = { 2_210_000, 4096 },
        };

        Assert.Equal(
            """
            IMAGE          CREATED             CREATED BY      SIZE     COMMENT
            0123456789ab   30 seconds ago      sh              4.1kB    by hand
            <missing>      About an hour ago   CMD ["sh"]      0B       
            <missing>      2 hours ago         COPY rootfs /   2.21MB   

            """,
            (await machine.RunAsync("history", "app")).Output);
    }

    [Fact]
    public async Task Save_writes_the_archive_to_a_file_or_to_standard_output()
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal("saved app second", (await machine.RunAsync("save", "app", "second")).Output);
        var file = machine.Folder.Path("app.tar");
        Assert.Equal(0, (await machine.RunAsync("save", "-o", file, "app")).ExitCode);
        Assert.Equal("saved app", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var lost = await machine.RunAsync("save", "-o", machine.Folder.Path("none/app.tar"), "app");
        Assert.Equal(1, lost.ExitCode);
        Assert.Contains("cannot write", lost.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_says_what_it_took_and_a_failure_is_the_services_word()
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal("Loaded image: app:1\nLoaded image ID: sha256:22\n", (await machine.RunWithInputAsync("archive", "load")).Output);
        Assert.Equal("sha256:11\nsha256:22\n", (await machine.RunAsync("load", "-q", "-i", machine.Folder.File("a.tar", "archive"))).Output);
        var wrong = await machine.RunWithInputAsync("noise", "load");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("'noise' is no archive", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("cannot read", (await machine.RunAsync("load", "-i", "/none")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_asks_or_is_forced()
    {
        await using var machine = await FakeMachine.StartAsync();
        var asked = await machine.RunAsync("image", "prune");
        Assert.Equal(1, asked.ExitCode);
        Assert.Contains("--force", asked.Error, StringComparison.Ordinal);
        Assert.Null(machine.Images.Pruned);
        Assert.Equal("Untagged: app:1\nDeleted: sha256:11\nTotal reclaimed space: 2MB\n", (await machine.RunAsync("image", "prune", "-a", "-f")).Output);
        Assert.True(machine.Images.Pruned!.All);
        Assert.Equal(0, (await machine.RunAsync("image", "prune", "-af", "--filter", "until=2026-01-01T00:00:00Z", "--filter", "label=a=b")).ExitCode);
        Assert.Equal(new PruneRequest { All = true, Until = 1_767_225_600_000_000_000, Labels = { "a=b" } }, machine.Images.Pruned);
        Assert.EndsWith("Reclaimable space: 2MB\n", (await machine.RunAsync("image", "prune", "--dry-run")).Output, StringComparison.Ordinal);
        Assert.True(machine.Images.Pruned.DryRun);
    }

    [Fact]
    public async Task Df_is_a_table()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Containers.All.Add(new() { Id = "1", State = Container.V1.State.Running });
        Assert.Equal(
            """
            TYPE            TOTAL   ACTIVE   SIZE    RECLAIMABLE
            Images          2       1        4MB     1MB (25%)
            Containers      1       1        4.1kB   0B (0%)
            Local Volumes   2       1        0B      0B
            Build Cache     1       0        2MB     2MB (100%)

            """,
            (await machine.RunAsync("system", "df")).Output);
        Assert.Equal("Images 4MB\nContainers 4.1kB\nLocal Volumes 0B\nBuild Cache 2MB\n", (await machine.RunAsync("system", "df", "--format", "{{.Type}} {{.Size}}")).Output);
        Assert.True(machine.Images.BuildsPruned!.DryRun);
    }

    [Fact]
    public async Task Images_are_filtered_and_formatted()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Images.All.Add(new() { Id = "sha256:0123456789abcdef", Tags = { "app:1", "app:2" }, Size = 5, Config = new ImageConfig { Labels = { ["a"] = "b" } } });
        machine.Images.All.Add(new() { Id = "sha256:fedcba9876543210", Digests = { "app@sha256:9" } });
        async Task<string> ListAsync(params string[] args) => (await machine.RunAsync(["images", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}", .. args])).Output;
        Assert.Equal("app:1 0123456789ab\napp:2 0123456789ab\napp:<none> fedcba987654\n", await ListAsync());
        Assert.Equal("app:<none> fedcba987654\n", await ListAsync("-f", "dangling=true"));
        Assert.Equal("app:1 0123456789ab\napp:2 0123456789ab\n", await ListAsync("-f", "label=a=b", "-f", "reference=ap*"));
        Assert.Equal("", await ListAsync("-f", "label=a=c"));
        Assert.Equal(1, (await machine.RunAsync("images", "-f", "size=1")).ExitCode);
        Assert.Contains("\"Tag\":\"1\"", (await machine.RunAsync("images", "--format", "json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_brings_the_callers_password_for_that_registry_alone()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Images.InRegistry.UnionWith(["reg.example/app", "other.example/app", "helped.example/app", "token.example/app"]);
        machine.Environment["DOCKER_CONFIG"] = machine.Folder.Folder("docker");
        machine.Folder.File("docker/config.json", """
            { "auths": { "reg.example": { "auth": "YW5uOnNlY3JldA==" }, "token.example": { "auth": "YW5uOg==", "identitytoken": "refresh" } },
              "credHelpers": { "helped.example": "suite-test-that-is-not-there" } }
            """);

        Assert.Equal(0, (await machine.RunAsync("pull", "reg.example/app")).ExitCode);
        Assert.Equal(("ann", "secret", "reg.example"), (machine.Images.Auth!.Username, machine.Images.Auth.Password, machine.Images.Auth.Host));
        Assert.Equal(0, (await machine.RunAsync("pull", "other.example/app")).ExitCode);
        Assert.Null(machine.Images.Auth);
        Assert.Equal(0, (await machine.RunAsync("pull", "token.example/app")).ExitCode);
        Assert.Equal("refresh", machine.Images.Auth!.IdentityToken);
        var helped = await machine.RunAsync("pull", "helped.example/app");
        Assert.Equal(1, helped.ExitCode);
        Assert.Contains("docker-credential-suite-test-that-is-not-there", helped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_of_credentials_is_a_warning_to_who_needs_none_and_the_reason_to_who_does()
    {
        await using var machine = await FakeMachine.StartAsync();
        machine.Environment["DOCKER_CONFIG"] = machine.Folder.Folder("docker");
        var file = machine.Folder.File("docker/config.json", "{ \"auths\": ");
        machine.Containers.Says.Add((Container.V1.Stream.Stdout, "hello\n"));

        var run = await machine.RunAsync("run", "busybox", "echo", "hello");
        Assert.Equal((0, "hello\n"), (run.ExitCode, run.Output));
        Assert.StartsWith($"suite: warning: {file} cannot be read: ", run.Error);
        Assert.Equal("", (await machine.RunAsync("run", "-d", "busybox")).Error);
        foreach (var words in (string[][])[["pull", "busybox"], ["login", "-u", "ann", "-p", "x", "reg.example"], ["logout", "reg.example"]])
        {
            var refused = await machine.RunAsync(words);
            Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
            Assert.StartsWith($"suite: {file} cannot be read: ", refused.Error);
        }

        Assert.Equal("{ \"auths\": ", File.ReadAllText(file));
    }
}
