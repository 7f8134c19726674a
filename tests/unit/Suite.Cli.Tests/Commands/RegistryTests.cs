using System.Security.Cryptography.X509Certificates;
using Suite.Cli.Tests.Fakes;

namespace Suite.Cli.Tests.Commands;

public sealed class RegistryTests
{
    [Fact]
    public async Task Search_without_a_host_asks_the_registry_of_this_machine()
    {
        await using var machine = await FakeMachine.StartAsync();
        var result = await machine.RunAsync("search", "--limit", "7", "web");
        Assert.Equal(new CliResult(0, "NAME       TAGS   PUSHED        DESCRIPTION\nteam/web   7      2 hours ago   Serves\n", ""), result);
        Assert.Equal("suite: --limit 0 is not a number from 1 to 100\n", (await machine.RunAsync("search", "--limit", "0", "web")).Error);
    }

    [Fact]
    public async Task Search_has_dockers_filters_and_formats()
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal("team/web: Serves\n", (await machine.RunAsync("search", "--format", "{{.Name}}: {{.Description}}", "web")).Output);
        Assert.Equal(
            "{\"Name\":\"team/web\",\"Description\":\"Serves\",\"StarCount\":\"0\",\"IsOfficial\":\"\",\"IsAutomated\":\"\",\"Tags\":\"25\",\"Pushed\":\"2 hours ago\"}\n",
            (await machine.RunAsync("search", "--format", "json", "web")).Output);
        Assert.Equal("NAME       STARS\nteam/web   0\n", (await machine.RunAsync("search", "--format", "table {{.Name}}\t{{.StarCount}}", "web")).Output.Replace("STARCOUNT", "STARS", StringComparison.Ordinal));
        Assert.Equal("", (await machine.RunAsync("search", "--format", "{{.Name}}", "--filter", "stars=1", "web")).Output);
        Assert.Equal("", (await machine.RunAsync("search", "--format", "{{.Name}}", "--filter", "is-official=true", "web")).Output);
        Assert.Equal("team/web\n", (await machine.RunAsync("search", "--format", "{{.Name}}", "--filter", "is-official=false", "web")).Output);
        Assert.Contains("many is not a number", (await machine.RunAsync("search", "--filter", "stars=many", "web")).Error, StringComparison.Ordinal);

        machine.Registry.Description = "A description that goes on and on and on, longer than a line";
        Assert.Equal("A description that goes on and on and on, lo…\n", (await machine.RunAsync("search", "--format", "{{.Description}}", "web")).Output);
        Assert.Equal(machine.Registry.Description + "\n", (await machine.RunAsync("search", "--no-trunc", "--format", "{{.Description}}", "web")).Output);
    }

    [Fact]
    public async Task Gc_lists_what_went_and_passes_on_what_was_asked()
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal(
            new CliResult(0, "blob app@sha256:aa\ntag app:old\n", "Would remove 2, 2MB\n"),
            await machine.RunAsync("registry", "gc", "--dry-run"));
        Assert.True(machine.Registry.Collected is { DryRun: true, HasGraceSeconds: false });
        Assert.Equal("Removed 2, 2MB\n", (await machine.RunAsync("registry", "gc", "--grace", "0")).Error);
        Assert.True(machine.Registry.Collected is { DryRun: false, HasGraceSeconds: true, GraceSeconds: 0 });
    }

    [Fact]
    public async Task Verify_fails_when_something_is_damaged()
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal(new CliResult(0, "", "3 blobs, 1kB: whole\n"), await machine.RunAsync("registry", "verify"));
        machine.Registry.IsDamaged = true;
        Assert.Equal(new CliResult(1, "app@sha256:aa: the content is missing\n", "3 blobs, 1kB: 1 problems\n"), await machine.RunAsync("registry", "verify"));
    }

    [Fact]
    public async Task Repositories_come_page_by_page_and_names_are_taken_apart_for_rm()
    {
        await using var machine = await FakeMachine.StartAsync();
        Assert.Equal("app\nweb\n", (await machine.RunAsync("registry", "ls")).Output);
        var result = await machine.RunAsync("registry", "rm", "team/app:1", "app@sha256:aa", "app");
        Assert.Equal(["team/app 1", "app sha256:aa"], machine.Registry.Deleted);
        Assert.Equal((1, "suite: 'app' names no tag and no digest: write REPOSITORY:TAG or REPOSITORY@DIGEST\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task A_group_alone_shows_its_commands_and_a_wrong_one_names_both_words()
    {
        await using var machine = FakeMachine.Down();
        var result = await machine.RunAsync("registry");
        Assert.Equal(125, result.ExitCode);
        Assert.Contains("Usage:  suite registry COMMAND", result.Error, StringComparison.Ordinal);
        Assert.Contains("  verify", result.Error, StringComparison.Ordinal);
        Assert.Contains("suite registry gc [OPTIONS]", (await machine.RunAsync("registry", "gc", "--help")).Output, StringComparison.Ordinal);
        Assert.Equal("suite: registry gc: there is no option --bogus; see \"suite registry gc --help\"\n", (await machine.RunAsync("registry", "gc", "--bogus")).Error);
    }

    [Fact]
    public async Task Cert_makes_a_pair_that_is_good_for_the_names_and_for_a_year()
    {
        await using var machine = FakeMachine.Down();
        var folder = machine.Folder.Path("tls");
        var result = await machine.RunAsync("registry", "cert", "--dir", folder, "registry.example", "10.0.0.7");
        Assert.Equal((0, $"{folder}/registry.crt\n{folder}/registry.key\n"), (result.ExitCode, result.Output));
        using var certificate = X509Certificate2.CreateFromPemFile($"{folder}/registry.crt", $"{folder}/registry.key");
        Assert.True(certificate.MatchesHostname("registry.example") && certificate.MatchesHostname("10.0.0.7") && !certificate.MatchesHostname("other.example"));
        Assert.Equal(FakeMachine.Now.AddDays(365).UtcDateTime, certificate.NotAfter.ToUniversalTime());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{folder}/registry.key"));
        Assert.Equal(0, (await machine.RunAsync("registry", "cert", "--dir", folder, "again.example")).ExitCode);
        Assert.Contains("neither a host name nor an IP address", (await machine.RunAsync("registry", "cert", "a b")).Error, StringComparison.Ordinal);
    }
}
