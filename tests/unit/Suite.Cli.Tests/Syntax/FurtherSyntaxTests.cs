using Suite.Cli.Syntax;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Tests.Syntax;

/// <summary>The options of run that are small languages.</summary>
public sealed class FurtherSyntaxTests
{
    [Theory]
    [InlineData("on-failure:3", RestartMode.OnFailure, 3u)]
    [InlineData("always", RestartMode.Always, 0u)]
    [InlineData("unless-stopped", RestartMode.UnlessStopped, 0u)]
    [InlineData("no", RestartMode.No, 0u)]
    public void Restart_policies(string text, RestartMode mode, uint retries) =>
        Assert.Equal(new RestartPolicy { Mode = mode, Retries = retries }, RestartSyntax.Parse(text));

    [Theory]
    [InlineData("data:/data", "data", "/data", false)]
    [InlineData("/data", "", "/data", false)]
    [InlineData("/data:ro", "", "/data", true)]
    [InlineData("/here:/there:ro", "/here", "/there", true)]
    public void Volumes_by_name_path_or_neither(string text, string source, string target, bool readOnly)
    {
        var mount = VolumeSyntax.Parse(text);
        Assert.Equal((source, target, readOnly), (mount.Source, mount.Target, mount.ReadOnly));
    }

    [Fact]
    public void Mounts_of_each_type()
    {
        var spec = new ContainerSpec();
        MountSyntax.Add(spec, "type=bind,src=/etc,dst=/e,readonly");
        MountSyntax.Add(spec, "source=data,target=/d,volume-nocopy");
        MountSyntax.Add(spec, "type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1777");
        Assert.Equal(new BindMount { Source = "/etc", Target = "/e", ReadOnly = true }, spec.Mounts[0]);
        Assert.Equal(new BindMount { Source = "data", Target = "/d", NoCopy = true }, spec.Mounts[1]);
        Assert.Equal(new TmpfsMount { Target = "/t", Options = { "size=1048576", "mode=1777" } }, spec.Tmpfs[0]);
    }

    [Theory]
    [InlineData("type=bind,target=/x", "source is missing")]
    [InlineData("type=bind,source=/no/such/path,target=/x", "there is no /no/such/path")]
    [InlineData("source=a,target=/x,color=red", "no field \"color\"")]
    [InlineData("type=nfs,target=/x", "\"nfs\" is none of")]
    [InlineData("source=a", "target is missing")]
    public void A_mount_that_cannot_be_says_why(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<SuiteException>(() => MountSyntax.Add(new ContainerSpec(), text)).Message);

    [Theory]
    [InlineData("1m30s", 90_000_000_000)]
    [InlineData("500ms", 500_000_000)]
    [InlineData("1.5h", 5_400_000_000_000)]
    public void Spans_of_time(string text, long nanoseconds) => Assert.Equal(nanoseconds, QuantitySyntax.Nanoseconds("--x", text));

    [Fact]
    public void Limits()
    {
        Assert.Equal(new Ulimit { Name = "nofile", Soft = 1, Hard = 2 }, UlimitSyntax.Parse("nofile=1:2"));
        Assert.Equal(new Ulimit { Name = "core", Soft = -1, Hard = -1 }, UlimitSyntax.Parse("core=unlimited"));
        Assert.Throws<SuiteException>(() => UlimitSyntax.Parse("nofile"));
        Assert.Throws<SuiteException>(() => QuantitySyntax.Nanoseconds("--x", "10"));
    }
}
