using System.Text;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Variables;
using Suite.Linux.Errors;

namespace Suite.Image.Tests.Builds.Dockerfiles;

public sealed class DockerfileParserTests
{
    [Fact]
    public void Instructions_keep_the_lines_they_are_on()
    {
        var parsed = Parse("""
            # a comment

            from scratch
            ENV a=1 \
              # a comment within
              b=2

            COPY --chown=1:2 --chmod=755 x /y
            """);
        Assert.Equal([("FROM", 3, 3), ("ENV", 4, 6), ("COPY", 8, 8)], parsed.Instructions.Select(i => (i.Keyword, i.Line, i.EndLine)));
        Assert.Equal("from", parsed.Instructions[0].Spelling);
        Assert.Equal("755", parsed.Instructions[2].Flag("chmod"));
        Assert.Equal("x /y", parsed.Instructions[2].Arguments);
        Assert.Equal(["a=1", "b=2"], Words.SplitRaw(parsed.Instructions[1], parsed.Instructions[1].Arguments));
    }

    [Theory]
    [InlineData("# escape=`\nFROM scratch\nENV a=1 `\n b=c:\\d\\\n", 2)]
    [InlineData("# syntax=docker/dockerfile:1\n# escape=`\nFROM scratch\nRUN a `\n b", 2)]
    [InlineData("# a comment first\n# escape=`\nFROM scratch\nRUN a \\\n b", 2)]
    [InlineData("FROM scratch\nRUN a \\  \n b", 2)]
    [InlineData("FROM scratch\nENV a=b\\\\\nENV c=d", 3)]
    [InlineData("\uFEFFFROM scratch\r\nRUN a \\\r\n b\r\n", 2)]
    public void Lines_are_joined_by_the_escape_character(string text, int count) => Assert.Equal(count, Parse(text).Instructions.Count);

    [Fact]
    public void Directives_are_read_from_the_top()
    {
        var directives = Parse("#syntax = docker/dockerfile:1\n# check=skip=all;error=true\nFROM scratch").Directives;
        Assert.Equal(new Directives("docker/dockerfile:1", '\\', "skip=all;error=true"), directives);
        Assert.Equal(Directives.None, Parse("# nothing=known\n# syntax=x\nFROM scratch").Directives);
    }

    [Fact]
    public void Here_documents_belong_to_their_instruction()
    {
        var parsed = Parse("FROM scratch\nCOPY <<a.txt <<-\"b.txt\" /dest/\none $x\na.txt\n\t\ttwo $x\n\tb.txt\nRUN <<EOT cat > /f\nthree\nEOT\nENV z=1");
        Assert.Equal(["FROM", "COPY", "RUN", "ENV"], parsed.Instructions.Select(i => i.Keyword));
        Assert.Equal(
            [new Heredoc("a.txt", true, false, "one $x\n"), new Heredoc("b.txt", false, true, "\t\ttwo $x\n")], parsed.Instructions[1].Heredocs);
        Assert.Equal("two $x\n", parsed.Instructions[1].Heredocs[1].Text);
        Assert.Equal((2, 6), (parsed.Instructions[1].Line, parsed.Instructions[1].EndLine));
        Assert.Equal("three\n", parsed.Instructions[2].Heredocs.Single().Content);
        Assert.Equal(10, parsed.Instructions[3].Line);
    }

    [Theory]
    [InlineData("RUN [\"a\", \"<<EOF\"]")]
    [InlineData("RUN echo $((1<<2))")]
    [InlineData("RUN cat <<< word")]
    [InlineData("ENV a=<<EOF")]
    public void What_only_looks_like_a_here_document_is_none(string line) => Assert.Empty(Parse("FROM scratch\n" + line).Instructions[1].Heredocs);

    [Fact]
    public void Flags_may_be_quoted_and_given_again()
    {
        var run = Parse("RUN --mount=type=bind,target=/a --mount=\"type=secret,id=a b\" --network=none  echo --not-a-flag").Instructions.Single();
        Assert.Equal(["type=bind,target=/a", "type=secret,id=a b"], run.FlagsOf("mount"));
        Assert.Equal("none", run.Flag("network"));
        Assert.Equal("echo --not-a-flag", run.Arguments);
    }

    [Theory]
    [InlineData("FROM scratch\nRUN <<EOF\nx", 2, "'EOF'")]
    [InlineData("# escape=x\nFROM scratch", 1, "escape")]
    [InlineData("# syntax=a\n# syntax=b\nFROM scratch", 2, "twice")]
    public void What_is_wrong_is_told_with_its_line(string text, int line, string says)
    {
        var error = Assert.Throws<BuildException>(() => Parse(text));
        Assert.Equal((ErrorKind.InvalidArgument, line), (error.Kind, error.Line));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only comments\n\n")]
    public void A_file_without_instructions_is_refused(string text) => Assert.Throws<SuiteException>(() => Parse(text));

    [Fact]
    public void Empty_lines_within_an_instruction_are_remembered() => Assert.Equal([3], Parse("RUN a \\\n\n b").EmptyContinuations);

    private static Dockerfile Parse(string text) => DockerfileParser.Parse(Encoding.UTF8.GetBytes(text));
}
