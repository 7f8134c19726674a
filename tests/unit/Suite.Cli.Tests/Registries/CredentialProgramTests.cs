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

    private static async Task<(string, string, bool)?> GetAsync(string script)
    {
        using var folder = new TempFolder("helper");
        var name = "suitetest" + Guid.NewGuid().ToString("N");
        var program = folder.File($"docker-credential-{name}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Other tests run beside this one: the path only grows.
        Environment.SetEnvironmentVariable("PATH", $"{Environment.GetEnvironmentVariable("PATH")}:{folder.FullName}");
        return await CredentialProgram.GetAsync(name, "https://reg.example", TestContext.Current.CancellationToken);
    }
}
