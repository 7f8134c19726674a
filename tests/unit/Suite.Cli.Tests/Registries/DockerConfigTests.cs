using System.Text.Json.Nodes;
using Suite.Cli.Registries;
using Suite.Linux.Errors;
using Suite.Testing.Files;

namespace Suite.Cli.Tests.Registries;

public sealed class DockerConfigTests
{
    private static DockerConfig Open(TempFolder folder) => DockerConfig.Open(name => name == "DOCKER_CONFIG" ? folder.FullName : null);

    [Fact]
    public void What_is_written_is_read_again_and_is_nobody_else_s_to_read()
    {
        using var folder = new TempFolder("docker");
        Open(folder).Set("127.0.0.1:5000", "ann", "se:cret");
        Assert.Equal(("ann", "se:cret"), Open(folder).Find("127.0.0.1:5000"));
        Assert.Null(Open(folder).Find("127.0.0.1:5001"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Path("config.json")));
        Assert.Equal(["config.json"], Directory.GetFiles(folder.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public void Keys_to_leave_by_are_read()
    {
        using var folder = new TempFolder("docker");
        Assert.Null(Open(folder).DetachKeys);
        folder.File("config.json", """{"detachKeys":"ctrl-e,e"}""");
        Assert.Equal("ctrl-e,e", Open(folder).DetachKeys);
    }

    [Fact]
    public void What_else_the_file_holds_stays()
    {
        using var folder = new TempFolder("docker");
        folder.File("config.json", """{"psFormat":"table","auths":{"quay.io":{"auth":"Ym9iOng="}},"credHelpers":{"x":"y"}}""");
        Open(folder).Set("docker.io", "ann", "1");
        var document = JsonNode.Parse(File.ReadAllText(folder.Path("config.json")))!;
        Assert.Equal("table", (string?)document["psFormat"]);
        Assert.Equal("y", (string?)document["credHelpers"]!["x"]);
        Assert.NotNull(document["auths"]!["https://index.docker.io/v1/"]);
        Assert.Equal(("bob", "x"), Open(folder).Find("quay.io"));
        Assert.True(Open(folder).Remove("docker.io"));
        Assert.False(Open(folder).Remove("docker.io"));
        Assert.Null(Open(folder).Find("docker.io"));
    }

    [Theory]
    [InlineData("reg.example", "reg.example")]
    [InlineData("https://reg.example/v1/", "reg.example")]
    [InlineData("https://reg.example", "reg.example")]
    [InlineData("docker.io", "docker.io")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("index.docker.io", "docker.io")]
    public void A_login_is_found_under_every_name_that_others_gave_it_and_replaced_there(string key, string host)
    {
        using var folder = new TempFolder("docker");
        folder.File("config.json", """{"auths":{"KEY":{"auth":"Ym9iOng="},"reg.example/team":{"auth":"YW5uOng="}}}""".Replace("KEY", key, StringComparison.Ordinal));
        Assert.Equal(("bob", "x"), Open(folder).Find(host));
        Open(folder).Set(host, "cid", "y");
        Assert.Equal(("cid", "y"), Open(folder).Find(host));
        Assert.Equal(2, JsonNode.Parse(File.ReadAllText(folder.Path("config.json")))!["auths"]!.AsObject().Count);
        Assert.True(Open(folder).Remove(host));
        Assert.Null(Open(folder).Find(host));
    }

    [Fact]
    public void A_registry_has_a_helper_of_its_own_or_that_of_all()
    {
        using var folder = new TempFolder("docker");
        folder.File("config.json", """{"credsStore":"all","credHelpers":{"reg.example":"own","https://index.docker.io/v1/":"hub","wrong.example":7}}""");
        var config = Open(folder);
        Assert.Equal(("own", "hub", "all", "all"), (config.HelperFor("reg.example"), config.HelperFor("docker.io"), config.HelperFor("other.example"), config.HelperFor("wrong.example")));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    public void A_file_that_cannot_be_read_is_never_overwritten(string content)
    {
        using var folder = new TempFolder("docker");
        folder.File("config.json", content);
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<SuiteException>(() => Open(folder)).Kind);
        Assert.Equal(content, File.ReadAllText(folder.Path("config.json")));
    }

    [Theory]
    [InlineData("realm=\"https://auth.example/token\",service=\"reg\",scope=\"registry:catalog:*\"", "https://auth.example/token?service=reg&scope=registry%3Acatalog%3A%2A")]
    [InlineData("realm=\"https://auth.example/token?a=b\",service=\"reg\"", "https://auth.example/token?a=b&service=reg")]
    [InlineData("realm=\"http://auth.example/token\"", null)]
    [InlineData("service=\"reg\"", null)]
    [InlineData("realm=\"file:///etc/passwd\"", null)]
    public void A_challenge_says_where_tokens_are_and_never_leads_a_password_out_of_TLS(string parameters, string? address) =>
        Assert.Equal(address, BearerChallenge.TokenAddress(parameters, new Uri("https://reg.example/")));

    [Theory]
    [InlineData("web", null, "web")]
    [InlineData("team/web", null, "team/web")]
    [InlineData("localhost/web", "localhost", "web")]
    [InlineData("127.0.0.1:5000/team/web", "127.0.0.1:5000", "team/web")]
    public void A_host_is_told_from_a_name_as_for_images(string text, string? host, string term) =>
        Assert.Equal((host, term), RegistryHost.Split(text));
}
