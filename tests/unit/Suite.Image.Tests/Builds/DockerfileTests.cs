using System.Text;
using Suite.Image.Builds;
using Suite.Linux.Errors;

namespace Suite.Image.Tests.Builds;

public sealed class DockerfileTests
{
    [Fact]
    public void Instructions_keep_the_line_they_begin_on()
    {
        var parsed = DockerfileParser.Parse("""
            # a comment

            from scratch
            ENV a=1 \
              # a comment within
              b=2

            COPY --chown=1:2 --chmod=755 x /y
            """u8);
        Assert.Equal([("FROM", 3), ("ENV", 4), ("COPY", 8)], parsed.Select(i => (i.Keyword, i.Line)));
        Assert.Equal("755", parsed[2].Flags["chmod"]);
        Assert.Equal("x /y", parsed[2].Arguments);
        Assert.Equal(["a=1", "b=2"], Words.SplitRaw(parsed[1], parsed[1].Arguments));
    }

    [Fact]
    public void Another_escape_character_can_be_chosen()
    {
        var parsed = DockerfileParser.Parse("# escape=`\nFROM scratch\nENV a=1 `\n b=c:\\d\\\n"u8);
        Assert.Equal(2, parsed.Count);
    }

    [Theory]
    [InlineData("$a", "1")]
    [InlineData("${a}b", "1b")]
    [InlineData("x$a/y", "x1/y")]
    [InlineData("\\$a", "$a")]
    [InlineData("'$a'", "$a")]
    [InlineData("\"$a b\"", "1 b")]
    [InlineData("${none:-d}", "d")]
    [InlineData("${empty:-d}", "d")]
    [InlineData("${empty-d}", "")]
    [InlineData("${a:+set}", "set")]
    [InlineData("${none+set}", "")]
    [InlineData("${none:-$a}", "1")]
    [InlineData("$none$", "$")]
    public void Variables_are_put_in(string word, string expected) => Assert.Equal(
        expected, Words.Expand(At, word, name => name switch { "a" => "1", "empty" => "", _ => null }));

    [Theory]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "a.txt.gz", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("a+(b)", "a+(b)", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("[z-a]", "z", false)]
    public void Wildcards_are_those_of_go(string pattern, string name, bool matches) => Assert.Equal(matches, BuildContext.Matches(pattern, name));

    [Fact]
    public void Configuration_instructions_do_what_docker_does()
    {
        var state = new BuildState();
        foreach (var i in DockerfileParser.Parse("""
            CMD ["old"]
            ENTRYPOINT ["/e"]
            ENV A=1 B="two words" C=$A
            ENV OLD form here
            LABEL x=y
            EXPOSE 80 53/udp 8000-8002
            VOLUME /data /more
            USER 1000:1000
            STOPSIGNAL SIGQUIT
            CMD echo $A
            """u8)) Assert.True(ConfigInstructions.Apply(i, state));
        var config = state.Config;
        Assert.Equal(["/e"], config.Entrypoint!);
        Assert.Equal(["/bin/sh", "-c", "echo $A"], config.Cmd!);
        Assert.Equal(["A=1", "B=two words", "C=", "OLD=form here"], config.Env!);
        Assert.Equal(["53/udp", "80/tcp", "8000/tcp", "8001/tcp", "8002/tcp"], config.ExposedPorts!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["/data", "/more"], config.Volumes!.Keys);
        Assert.Equal(("1000:1000", "SIGQUIT", "y"), (config.User, config.StopSignal, config.Labels!["x"]));
    }

    [Theory]
    [InlineData("EXPOSE 99999")]
    [InlineData("EXPOSE x")]
    [InlineData("ENV x")]
    [InlineData("ENV \"a=b")]
    [InlineData("USER a b")]
    [InlineData("CMD")]
    public void What_is_wrong_is_told_with_its_line(string line)
    {
        var instruction = DockerfileParser.Parse(Encoding.UTF8.GetBytes("\n\n" + line)).Single();
        var error = Assert.Throws<SuiteException>(() => ConfigInstructions.Apply(instruction, new BuildState()));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.StartsWith("Dockerfile line 3:", error.Message, StringComparison.Ordinal);
    }

    private static Instruction At { get; } = new(1, "ENV", new Dictionary<string, string>(), "", "");
}
