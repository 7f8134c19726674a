using Suite.Cli.Syntax;
using Suite.Cli.Tests.Fakes;
using Suite.Linux.Errors;

namespace Suite.Cli.Tests.Syntax;

public sealed class SyntaxTests
{
    [Theory]
    [InlineData("80", "0.0.0.0:0->80/tcp")]
    [InlineData("8080:80", "0.0.0.0:8080->80/tcp")]
    [InlineData("53:53/udp", "0.0.0.0:53->53/udp")]
    [InlineData("127.0.0.1:8080:80", "127.0.0.1:8080->80/tcp")]
    [InlineData("127.0.0.1::80", "127.0.0.1:0->80/tcp")]
    [InlineData("[::1]:8080:80", "[::1]:8080->80/tcp")]
    [InlineData("8000-8001:80-81", "0.0.0.0:8000->80/tcp 0.0.0.0:8001->81/tcp")]
    public void Ports_are_written_in_many_ways(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', PortSyntax.Parse(text).Select(p => $"{PortSyntax.Format(p)}->{p.ContainerPort}/{p.Protocol}")));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("70000")]
    [InlineData("80/icmp")]
    [InlineData("1:2:3:4")]
    [InlineData("host:80:80")]
    [InlineData("8000-8001:80")]
    [InlineData("81-80")]
    [InlineData("[::1:80")]
    public void What_is_no_port_is_named(string text) =>
        Assert.StartsWith($"cannot publish \"{text}\": ", Assert.Throws<SuiteException>(() => PortSyntax.Parse(text).ToList()).Message);

    [Theory]
    [InlineData("1024", 1024)]
    [InlineData("512m", 512L << 20)]
    [InlineData("1.5G", 3L << 29)]
    [InlineData("4kb", 4096)]
    [InlineData("2MiB", 2L << 20)]
    public void Memory_is_counted_in_steps_of_1024(string text, long bytes) => Assert.Equal(bytes, QuantitySyntax.Bytes("--memory", text));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-1")]
    [InlineData("12x")]
    [InlineData("99999999999t")]
    public void What_is_no_amount_is_named(string text) =>
        Assert.Contains($"--memory \"{text}\"", Assert.Throws<SuiteException>(() => QuantitySyntax.Bytes("--memory", text)).Message);

    [Theory]
    [InlineData("10m", -600)]
    [InlineData("1h30m", -5400)]
    [InlineData("2026-01-31T11:59:00Z", -60)]
    [InlineData("1769860740", -60)]
    public void A_moment_is_a_time_or_how_long_ago(string text, int seconds)
    {
        var nanoseconds = SinceSyntax.Nanoseconds("--since", text, new At(FakeMachine.Now));
        Assert.Equal(FakeMachine.Now.AddSeconds(seconds), Cli.Output.Timestamps.FromNanoseconds(nanoseconds));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("99999999999999")]
    [InlineData("2147483647d")]
    [InlineData("999999d")]
    [InlineData("0001-01-01T00:00:00Z")]
    public void What_is_no_moment_is_named(string text) =>
        Assert.StartsWith(
            $"cannot use --since \"{text}\": ",
            Assert.Throws<SuiteException>(() => SinceSyntax.Nanoseconds("--since", text, new At(FakeMachine.Now))).Message);

    [Theory]
    [InlineData("a:b:c:d", "it needs a folder here and one in the container")]
    [InlineData("/a:b", "\"b\" is not an absolute path")]
    [InlineData("/a:/b:rx", "there is no option \"rx\"")]
    public void What_is_no_mount_is_named(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<SuiteException>(() => VolumeSyntax.Parse(text)).Message);

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
