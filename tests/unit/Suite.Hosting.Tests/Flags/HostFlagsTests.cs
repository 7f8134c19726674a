using Microsoft.Extensions.Logging;
using Suite.Hosting.Flags;
using Suite.Linux.Errors;

namespace Suite.Hosting.Tests.Flags;

public sealed class HostFlagsTests
{
    [Fact]
    public void Nothing_given_means_the_folders_of_the_file_system_standard()
    {
        var flags = HostFlags.Parse([], _ => null);
        Assert.Equal(new SuitePaths("/var/lib/suite", "/run/suite", "/etc/suite", "suite"), flags.Paths);
        Assert.Equal("/run/suite/image.sock", flags.Paths.SocketPath("image"));
        Assert.Equal("/var/lib/suite/image", flags.Paths.StateDirectory("image"));
    }

    [Fact]
    public void A_flag_wins_over_its_variable()
    {
        var flags = HostFlags.Parse(["--root=/a", "--instance", "two", "--log-level", "debug"], name => name is "SUITE_ROOT" or "SUITE_RUN" ? "/b" : null);
        Assert.Equal(("/a", "/b", "two"), (flags.Paths.Root, flags.Paths.Run, flags.Paths.Instance));
        Assert.Equal(LogLevel.Debug, flags.LogLevel);
    }

    [Fact]
    public void Set_steps_into_sections_by_dots()
    {
        var flags = HostFlags.Parse(["--set", "a.b=c=d"], _ => null);
        Assert.Equal([new("a:b", "c=d")], flags.Settings);
    }

    [Theory]
    [InlineData("--frob", "unknown argument '--frob'")]
    [InlineData("--root", "--root needs a value")]
    [InlineData("--root=", "--root needs a value")]
    [InlineData("--set=x", "--set takes KEY=VALUE")]
    [InlineData("--instance=toolongname", "must be 1 to 8 characters")]
    [InlineData("--instance=a/b", "must be 1 to 8 characters")]
    [InlineData("--log-level=loud", "'loud' is not a log level")]
    public void What_is_wrong_is_named(string arg, string reason)
    {
        var error = Assert.Throws<SuiteException>(() => HostFlags.Parse([arg], _ => null));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
