using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Specs;

namespace Suite.Runtime.Tests.Specs;

public sealed class CommandLineTests
{
    private static readonly ImageDefaults Image = new() { Entrypoint = ["/entry"], Command = ["serve"] };

    // The table of Kubernetes' "Define a Command and Arguments for a Container".
    [Theory]
    [InlineData("", "", "/entry serve")]
    [InlineData("/other", "", "/other")]
    [InlineData("", "x y", "/entry x y")]
    [InlineData("/other", "x", "/other x")]
    public void A_command_replaces_the_entrypoint_and_silences_the_images_command(string command, string args, string expected)
    {
        var config = Builders.Config() with { Command = Words(command), Args = Words(args) };
        Assert.Equal(Words(expected), CommandLine.Merge(config, Image));
    }

    [Fact]
    public void Nothing_to_run_is_the_callers_error()
    {
        var failure = Assert.Throws<SuiteException>(() => CommandLine.Merge(Builders.Config() with { Command = [] }, ImageDefaults.None));
        Assert.Equal(ErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains("busybox", failure.Message);
    }

    [Fact]
    public void The_callers_variables_win_and_keep_their_place()
    {
        var image = new ImageDefaults { Environment = ["PATH=/bin", "A=1", "B=2"] };
        var config = Builders.Config() with { Environment = ["A=9", "C=3"] };
        Assert.Equal(["PATH=/bin", "A=9", "B=2", "C=3", "HOSTNAME=web", "HOME=/root"], CommandLine.Environment(config, image, "web", "/root"));
    }

    [Fact]
    public void A_terminal_has_a_kind()
    {
        Assert.Contains("TERM=xterm", CommandLine.Environment(Builders.Config() with { Tty = true }, ImageDefaults.None, "", "/"));
        Assert.DoesNotContain("TERM=xterm", CommandLine.Environment(Builders.Config(), ImageDefaults.None, "", "/"));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
