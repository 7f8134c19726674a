using Suite.Cli.Endpoints;
using Suite.Linux.Errors;

namespace Suite.Cli.Tests.Endpoints;

public sealed class SocketFolderTests
{
    [Theory]
    [InlineData(null, null, null, "/run/suite/runtime.sock")]
    [InlineData(null, null, "/env", "/env/runtime.sock")]
    [InlineData(null, "/flag", "/env", "/flag/runtime.sock")]
    [InlineData("unix:///other/r.sock", null, "/env", "/other/r.sock")]
    [InlineData("/other/r.sock", "/flag", "/env", "/other/r.sock")]
    public void The_nearest_word_wins(string? host, string? run, string? variable, string runtime) =>
        Assert.Equal(runtime, SocketFolder.From(host, run, name => name == "SUITE_RUN" ? variable : null).Runtime);

    [Fact]
    public void The_others_are_beside_the_runtime() =>
        Assert.Equal("/other/image.sock", SocketFolder.From("unix:///other/r.sock", null, _ => null).Image);

    [Fact]
    public void An_address_that_is_no_socket_is_named() =>
        Assert.Contains("\"tcp://x\"", Assert.Throws<SuiteException>(() => SocketFolder.From("tcp://x", null, _ => null)).Message);
}
