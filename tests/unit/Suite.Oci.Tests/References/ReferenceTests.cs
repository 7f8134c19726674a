using Suite.Linux.Errors;
using Suite.Oci.References;

namespace Suite.Oci.Tests.References;

public sealed class ReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36")]
    [InlineData("user/app", "docker.io/user/app:latest", "user/app:latest")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("index.docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("localhost/app", "localhost/app:latest", "localhost/app:latest")]
    [InlineData("localhost:5000/app", "localhost:5000/app:latest", "localhost:5000/app:latest")]
    [InlineData("127.0.0.1:5000/a/b-c__d.e:T_1", "127.0.0.1:5000/a/b-c__d.e:T_1", "127.0.0.1:5000/a/b-c__d.e:T_1")]
    [InlineData("[::1]:5000/app:x", "[::1]:5000/app:x", "[::1]:5000/app:x")]
    [InlineData("ghcr.io/o/r", "ghcr.io/o/r:latest", "ghcr.io/o/r:latest")]
    [InlineData("busybox@sha256:" + Hex, "docker.io/library/busybox@sha256:" + Hex, "busybox@sha256:" + Hex)]
    [InlineData("busybox:1.36@sha256:" + Hex, "docker.io/library/busybox@sha256:" + Hex, "busybox@sha256:" + Hex)]
    [InlineData("Upper/app", "Upper/app:latest", "Upper/app:latest")]
    public void Names_are_completed_as_docker_does(string written, string canonical, string familiar)
    {
        var reference = Reference.Parse(written).Canonical();
        Assert.Equal(canonical, reference.ToString());
        Assert.Equal(familiar, reference.Familiar);
        Assert.Equal(reference, Reference.Parse(reference.Familiar).Canonical());
    }

    [Theory]
    [InlineData("")]
    [InlineData("UPPER")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a:")]
    [InlineData("a:-x")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("-a")]
    [InlineData("a..b")]
    [InlineData("a/../b")]
    [InlineData("a@sha256:123")]
    [InlineData("a@md5:" + Hex)]
    [InlineData("host:123456/a")]
    [InlineData("-host.x/a")]
    [InlineData(Hex)]
    public void What_is_no_name_is_refused(string written)
    {
        Assert.False(Reference.TryParse(written, out _));
        var error = Assert.Throws<SuiteException>(() => Reference.Parse(written));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
    }

    [Fact]
    public void Limits_of_length_hold()
    {
        Assert.True(Reference.TryParse("a:" + new string('t', 128), out _));
        Assert.False(Reference.TryParse("a:" + new string('t', 129), out _));
        Assert.True(Reference.TryParse("h.io/" + new string('a', 250), out _));
        Assert.False(Reference.TryParse("h.io/" + new string('a', 251), out _));
    }

    [Fact]
    public void A_hostile_name_is_refused_in_no_time() =>
        Assert.False(Reference.TryParse(string.Concat(Enumerable.Repeat("a-", 120)) + "!", out _));
}
