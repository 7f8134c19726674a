using Suite.Image.Registries;

namespace Suite.Image.Tests.Registries;

public sealed class ChallengeTests
{
    [Fact]
    public void Parameters_with_commas_and_quotes_are_taken_apart()
    {
        var parameters = Challenge.Parse("""realm="https://auth.example/token?x=1",service="reg \"one\"",scope="repository:a/b:pull,push",error=invalid""");
        Assert.Equal("https://auth.example/token?x=1", parameters["realm"]);
        Assert.Equal("reg \"one\"", parameters["SERVICE"]);
        Assert.Equal("repository:a/b:pull,push", parameters["scope"]);
        Assert.Equal("invalid", parameters["error"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("=")]
    [InlineData("realm=\"unclosed")]
    [InlineData("realm=\"end\\")]
    public void Nonsense_is_survived(string text) => Assert.NotNull(Challenge.Parse(text));

    [Theory]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/")]
    [InlineData("localhost:5000", "http://localhost:5000/")]
    [InlineData("[::1]:5000", "http://[::1]:5000/")]
    [InlineData("docker.io", "https://registry-1.docker.io/")]
    [InlineData("ghcr.io", "https://ghcr.io/")]
    [InlineData("127.0.0.1.evil.com", "https://127.0.0.1.evil.com/")]
    [InlineData("plain.example:80", "http://plain.example/")]
    public void Plain_http_is_for_loopback_and_those_configured(string host, string address) =>
        Assert.Equal(address, RegistryAddress.Of(host, ["plain.example:80"]).ToString());
}
