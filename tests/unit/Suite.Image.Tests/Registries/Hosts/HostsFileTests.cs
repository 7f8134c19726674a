using Suite.Image.Registries.Hosts;
using Suite.Linux.Errors;

namespace Suite.Image.Tests.Registries.Hosts;

public sealed class HostsFileTests
{
    private static readonly Uri Server = new("https://registry.example/");

    [Fact]
    public void Every_key_of_the_format_is_read()
    {
        var hosts = Parse("""
            server = "https://registry.example"
            [host."https://mirror.example:5000"]
              capabilities = ["pull"]
              ca = "mirror.pem"
              client = [["client.cert", "client.key"], ["/both.pem"]]
              dial_timeout = "500ms"
              [host."https://mirror.example:5000".header]
                x-one = "1"
                x-two = ["2", "3"]
            [host."http://10.0.0.1/proxy/registry"]
              override_path = true
              skip_verify = true
            """);

        Assert.Equal(["https://mirror.example:5000/v2/", "http://10.0.0.1/proxy/registry/", "https://registry.example/v2/"], hosts.Select(h => h.Base.ToString()));
        Assert.Equal([HostCapabilities.Pull, HostCapabilities.All, HostCapabilities.All], hosts.Select(h => h.Can));
        Assert.Equal([true, true, false], hosts.Select(h => h.IsMirror));
        Assert.Equal(["/etc/suite/certs.d/registry.example/mirror.pem"], hosts[0].Tls.Authorities);
        Assert.Equal(
            [("/etc/suite/certs.d/registry.example/client.cert", "/etc/suite/certs.d/registry.example/client.key"), ("/both.pem", "/both.pem")], hosts[0].Tls.Clients);
        Assert.Equal(TimeSpan.FromMilliseconds(500), hosts[0].Tls.ConnectTimeout);
        Assert.Equal(["x-one=1", "x-two=2", "x-two=3"], hosts[0].Headers.Select(h => $"{h.Key}={h.Value}"));
        Assert.True(hosts[1].Tls.SkipVerify);
    }

    [Fact]
    public void Without_a_server_the_registry_itself_is_the_last_host() =>
        Assert.Equal(["https://m/v2/", "https://registry.example/v2/"], Parse("[host.\"m\"]").Select(h => h.Base.ToString()));

    [Theory]
    [InlineData("server = [", "is not valid TOML")]
    [InlineData("[host.\"https://m\"]\ncapabilities = [\"fly\"]", "'capabilities' has 'fly'")]
    [InlineData("[host.\"https://m\"]\nskip_verify = \"yes\"", "'skip_verify' is neither true nor false")]
    [InlineData("[host.\"https://m\"]\nca = 1", "'ca' is neither a text nor a list of texts")]
    [InlineData("[host.\"https://m\"]\ndial_timeout = \"soon\"", "write 500ms, 30s or 2m")]
    [InlineData("[host.\"ftp://m\"]", "'ftp://m' is not the address of a host")]
    public void What_cannot_be_meant_is_told_with_file_and_key(string text, string expected)
    {
        var error = Assert.Throws<SuiteException>(() => Parse(text));
        Assert.Equal(ErrorKind.FailedPrecondition, error.Kind);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("/etc/suite/certs.d/registry.example/hosts.toml", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<RegistryHost> Parse(string text) => HostsFile.Parse(text, "/etc/suite/certs.d/registry.example/hosts.toml", Server);
}
