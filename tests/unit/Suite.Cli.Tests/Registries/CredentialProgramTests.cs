using Suite.Cli.Registries;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Cli.Tests.Registries;

/// <summary>Programs of the name docker-credential-*, found on the path as docker finds them.</summary>
public sealed class CredentialProgramTests
{
    [Theory]
    [InlineData("""cat >/dev/null; echo '{"ServerURL":"s","Username":"ann","Secret":"pw"}'""", "ann", "pw", false)]
    [InlineData("""cat >/dev/null; echo '{"Username":"<token>","Secret":"refresh"}'""", "<token>", "refresh", true)]
    [InlineData("""read -r s; echo "{\"Username\":\"$s\",\"Secret\":\"x\"}" """, "https://reg.example", "x", false)]
    public async Task What_a_helper_answers_is_taken(string script, string user, string secret, bool token) =>
        Assert.Equal((user, secret, token), await GetAsync(script));

    [Fact]
    public async Task One_that_knows_nothing_is_no_failure() =>
        Assert.Null(await GetAsync("cat >/dev/null; echo 'credentials not found in native keychain'; exit 1"));

    [Theory]
    [InlineData("cat >/dev/null; echo locked; exit 1", "locked")]
    [InlineData("cat >/dev/null; echo '{'", "failed")]
    public async Task One_that_fails_is_told_by_name(string script, string says)
    {
        var error = await Assert.ThrowsAsync<SuiteException>(() => GetAsync(script));
        Assert.Contains("docker-credential-suitetest", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_not_there_is_no_riddle()
    {
        var error = await Assert.ThrowsAsync<SuiteException>(() => CredentialProgram.GetAsync("suitetest-nowhere", "s", Token));
        Assert.Equal("the credential helper docker-credential-suitetest-nowhere, which ~/.docker/config.json names, failed to get: it cannot be run from any folder of PATH; mend it, or take it out of that file", error.Message);
    }

    [Fact]
    public async Task What_is_stored_is_got_and_erased()
    {
        using var folder = new TempFolder("helper");
        var kept = folder.Path("kept");
        var name = Install(folder, $"""
            case $1 in
            store) cat >{kept} ;;
            get) read -r s; grep -qF "\"$s\"" {kept} 2>/dev/null && cat {kept} || (echo 'credentials not found in native keychain'; exit 1) ;;
            erase) cat >/dev/null; rm {kept} 2>/dev/null || (echo 'credentials not found in native keychain'; exit 1) ;;
            esac
            """);
        await CredentialProgram.StoreAsync(name, "reg.example", "ann", "se\"cret", Token);
        Assert.Equal(("ann", "se\"cret", false), await CredentialProgram.GetAsync(name, "reg.example", Token));
        Assert.Null(await CredentialProgram.GetAsync(name, "other.example", Token));
        Assert.True(await CredentialProgram.EraseAsync(name, "reg.example", Token));
        Assert.False(await CredentialProgram.EraseAsync(name, "reg.example", Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<(string, string, bool)?> GetAsync(string script)
    {
        using var folder = new TempFolder("helper");
        return await CredentialProgram.GetAsync(Install(folder, script), "https://reg.example", Token);
    }

    private static string Install(TempFolder folder, string script)
    {
        var name = "suitetest" + Guid.NewGuid().ToString("N");
        var program = folder.File($"docker-credential-{name}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Other tests run beside this one: the path only grows.
        Environment.SetEnvironmentVariable("PATH", $"{Environment.GetEnvironmentVariable("PATH")}:{folder.FullName}");
        return name;
    }
}
