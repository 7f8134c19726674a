using Suite.Image.Builds.Git;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Image.Tests.Builds.Git;

public sealed class GitProgramTests
{
    private static readonly GitAccess Nothing = new(null, new Dictionary<string, byte[]>());

    [Fact]
    public async Task Where_there_is_no_git_that_is_said()
    {
        using var folder = new TempFolder("nogit");
        var git = new GitProgram(folder.Path("known_hosts"), TimeSpan.FromSeconds(5), searchPath: folder.FullName);
        var error = await Assert.ThrowsAnyAsync<SuiteException>(() => git.RunAsync(folder.FullName, "git://h/r", Nothing, TestContext.Current.CancellationToken, "version"));
        Assert.Equal((ErrorKind.FailedPrecondition, "there is no program git on this machine: install it"), (error.Kind, error.Message));
    }

    [Theory]
    [InlineData("fatal: could not read Username for 'https://h': terminal prompts disabled", ErrorKind.PermissionDenied, "GIT_AUTH_TOKEN")]
    [InlineData("git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.", ErrorKind.PermissionDenied, "--ssh default")]
    [InlineData("remote: Repository not found.\nfatal: repository 'https://h/r.git/' not found", ErrorKind.NotFound, "not found")]
    [InlineData("Host key verification failed.\r\nfatal: Could not read from remote repository.", ErrorKind.PermissionDenied, "known_hosts")]
    [InlineData("error: cannot run ssh: No such file or directory\nfatal: unable to fork", ErrorKind.Unavailable, "unable to fork")]
    [InlineData("fatal: unable to access 'https://h/r.git/': Could not resolve host: h", ErrorKind.Unavailable, "Could not resolve host: h")]
    [InlineData("warning: x\nfatal: unable to connect to h:\nh[0: 1.2.3.4]: errno=Connection refused\n", ErrorKind.Unavailable, "errno=Connection refused")]
    [InlineData("", ErrorKind.Unavailable, "git fetch says")]
    public void What_git_says_is_told_with_what_to_do(string said, ErrorKind kind, string shown)
    {
        var error = GitException.Of("fetch", said);
        Assert.Equal(kind, error.Kind);
        Assert.Contains(shown, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_headers_for_the_host_that_they_are_for()
    {
        var access = new GitAccess(null, new Dictionary<string, byte[]> { ["GIT_AUTH_TOKEN"] = "t\n"u8.ToArray(), ["GIT_AUTH_HEADER.own.example:8443"] = "Bearer b"u8.ToArray() });
        Assert.Equal([("http.https://h/.extraHeader", $"Authorization: basic {Convert.ToBase64String("x-access-token:t"u8)}")], access.Settings("https://h/a/b.git"));
        Assert.Equal([("http.https://own.example:8443/.extraHeader", "Authorization: Bearer b")], access.Settings("https://own.example:8443/b.git"));
        Assert.Empty(access.Settings("git@h:b"));
        Assert.Empty(Nothing.Settings("https://h/b.git"));
    }
}
