using System.Text;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Runs;
using Suite.Image.Builds.Stages;
using Suite.Linux.Errors;

namespace Suite.Image.Tests.Builds.Runs;

public sealed class RunCommandTests
{
    [Theory]
    [InlineData("RUN echo a  b", "/bin/sh|-c|echo a  b")]
    [InlineData("RUN [\"a\", \"b c\"]", "a|b c")]
    [InlineData("RUN <<EOF\none\ntwo\nEOF", "/bin/sh|-c|one\ntwo\n")]
    [InlineData("RUN <<-EOF\n\tone\n\tEOF", "/bin/sh|-c|one\n")]
    [InlineData("RUN cat <<EOF > /x\none\nEOF", "/bin/sh|-c|cat <<EOF > /x\none\nEOF")]
    [InlineData("RUN cat <<A <<B\none\nA\ntwo\nB", "/bin/sh|-c|cat <<A <<B\none\nA\ntwo\nB")]
    [InlineData("RUN <<EOF\n#!/bin/ash\nx\nEOF", "/dev/pipes/EOF")]
    public void Commands_are_what_BuildKit_makes_of_them(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', RunCommand.Read(DockerfileParser.Parse(Encoding.UTF8.GetBytes(text)).Instructions.Single(), new StageState()).Arguments));

    [Fact]
    public void History_tells_the_arguments()
    {
        var state = new StageState();
        (state.Args["A"], state.Variables["A"], state.Args["B"]) = ("1", "1", null);
        var command = RunCommand.Read(DockerfileParser.Parse("RUN make"u8).Instructions.Single(), state);
        Assert.Equal("RUN |2 A=1 B= /bin/sh -c make # buildkit", command.History(state));
    }

    [Theory]
    [InlineData("a secret value", "x=a secret value y", true)]
    [InlineData("a secret value\n", "a secret value", true)]
    [InlineData("a secret value", "a secret valu", false)]
    [InlineData("short", "short", false)]
    public void A_secret_in_a_layer_is_found_wherever_pieces_end(string secret, string content, bool found)
    {
        for (var cut = 1; cut < content.Length; cut++)
        {
            var scan = new SecretScan(Stream.Null, new Dictionary<string, byte[]> { ["s"] = Encoding.UTF8.GetBytes(secret) });
            void Write()
            {
                scan.Write(Encoding.UTF8.GetBytes(content[..cut]));
                scan.Write(Encoding.UTF8.GetBytes(content[cut..]));
            }

            if (found) Assert.Contains("'s'", Assert.Throws<SuiteException>(Write).Message, StringComparison.Ordinal);
            else Write();
        }
    }
}
