using Microsoft.AspNetCore.Server.Kestrel.Core;
using Suite.Linux.Errors;
using Suite.Registry.Listening;

namespace Suite.Registry.Tests.Listening;

public sealed class ListenAddressesTests
{
    [Fact]
    public void Addresses_are_separated_by_commas() =>
        Assert.Equal(["127.0.0.1:5000", "[::1]:5000", "127.0.0.1:80"], ListenAddresses.Parse("127.0.0.1:5000, [::1]:5000,localhost:80").Select(a => a.ToString()));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("example.org:5000")]
    [InlineData("127.0.0.1:99999")]
    public void What_is_no_address_with_a_port_is_refused(string listen) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => ListenAddresses.Parse(listen).ToList()).Kind);

    [Theory]
    [InlineData("0.0.0.0:5000", false, true)]
    [InlineData("[::]:5000", false, true)]
    [InlineData("0.0.0.0:5000", true, false)]
    [InlineData("127.0.0.1:5000,[::1]:5000", false, false)]
    public void Plain_HTTP_beyond_this_machine_has_to_be_asked_for(string listen, bool allowed, bool refused)
    {
        var error = Record.Exception(() => ListenAddresses.Open(new KestrelServerOptions(), new RegistryOptions { Listen = listen, AllowPlainHttp = allowed }));
        Assert.Equal(refused ? ErrorKind.InvalidArgument : null, (error as SuiteException)?.Kind);
        Assert.Equal(refused, error is not null);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var first = await RunningRegistry.StartAsync();
        var port = first.Http.BaseAddress!.Port;
        var folder = Directory.CreateTempSubdirectory("suite-registry-");
        try
        {
            var error = await Assert.ThrowsAsync<SuiteException>(() => Suite.Hosting.SuiteHost.StartAsync(
                "registry", ["--root", folder.FullName, "--run", folder.FullName, "--config", folder.FullName, "--set", $"listen=127.0.0.1:{port}", "--log-level", "none"],
                RegistryComposition.Compose, TestContext.Current.CancellationToken));
            Assert.Equal($"cannot listen on 127.0.0.1:{port}: another program listens there; stop it, or choose another address with the setting `listen`", error.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
