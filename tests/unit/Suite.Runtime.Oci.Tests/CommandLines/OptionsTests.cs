using Suite.Linux.Errors;
using Suite.Runtime.Oci.CommandLines;

namespace Suite.Runtime.Oci.Tests.CommandLines;

public sealed class OptionsTests
{
    private static readonly OptionNames Names = new(["detach|d", "keep"], ["bundle|b", "env|e", "count"]);

    [Fact]
    public void Options_come_in_every_spelling_before_the_words()
    {
        var options = Options.Parse("run", Names, ["-d", "--bundle=/a", "-b", "/b", "-e", "A=1", "--env", "B=2", "-count=7", "id", "--keep", "x"]);
        Assert.True(options.Has("detach"));
        Assert.False(options.Has("keep"));
        Assert.Equal("/b", options.Value("bundle"));
        Assert.Equal(["A=1", "B=2"], options.All("env"));
        Assert.Equal(7, options.Number("count"));
        Assert.Equal(["id", "--keep", "x"], options.Words);
    }

    [Fact]
    public void A_flag_is_taken_back_and_two_dashes_end_the_options()
    {
        var options = Options.Parse("run", Names, ["--detach=false", "--", "--keep"]);
        Assert.False(options.Has("detach"));
        Assert.Equal("--keep", options.OnlyId());
    }

    [Theory]
    [InlineData("--nonsense", "there is no option --nonsense")]
    [InlineData("--bundle", "the option --bundle needs a value")]
    public void What_is_wrong_is_said(string argument, string reason)
    {
        var error = Assert.Throws<SuiteException>(() => Options.Parse("run", Names, [argument]));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Equal($"run: {reason}", error.Message);
    }

    [Fact]
    public void A_number_and_an_id_are_checked()
    {
        Assert.Throws<SuiteException>(() => Options.Parse("run", Names, ["--count", "many"]).Number("count"));
        Assert.Throws<SuiteException>(() => Options.Parse("run", Names, []).OnlyId());
        Assert.Throws<SuiteException>(() => Options.Parse("run", Names, ["a", "b"]).OnlyId());
    }
}
