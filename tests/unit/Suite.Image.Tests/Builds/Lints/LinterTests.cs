using System.Text;
using Suite.Image.Builds;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Lints;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;
using Suite.Oci.Images;

namespace Suite.Image.Tests.Builds.Lints;

public sealed class LinterTests
{
    [Theory]
    [InlineData("FROM scratch AS Base", "1 StageNameCasing")]
    [InlineData("FROM scratch as base", "1 FromAsCasing")]
    [InlineData("FROM scratch\nENV a=b \\\n\n c=d", "4 NoEmptyContinuation")]
    [InlineData("FROM scratch\nenv a=b\nENV c=d", "2 ConsistentInstructionCasing")]
    [InlineData("from scratch\nenv a=b\nENV c=d", "3 ConsistentInstructionCasing")]
    [InlineData("FROM scratch AS a\nFROM scratch AS a", "2 DuplicateStageName")]
    [InlineData("FROM busybox AS scratch", "1 ReservedStageName")]
    [InlineData("FROM scratch\nCMD echo", "2 JSONArgsRecommended")]
    [InlineData("FROM scratch\nSHELL [\"/x\"]\nCMD echo", "")]
    [InlineData("FROM scratch\nMAINTAINER me", "2 MaintainerDeprecated")]
    [InlineData("ARG V=1\nFROM busybox:$W", "2 InvalidDefaultArgInFrom,2 UndefinedArgInFrom")]
    [InlineData("ARG V=1\nFROM busybox:$V", "")]
    [InlineData("ARG V\nFROM busybox:$V", "2 InvalidDefaultArgInFrom")]
    [InlineData("FROM scratch\nWORKDIR app", "2 WorkdirRelativePath")]
    [InlineData("FROM scratch\nWORKDIR /a\nWORKDIR app", "")]
    [InlineData("FROM scratch\nCOPY $file /", "2 UndefinedVar")]
    [InlineData("FROM scratch\nARG file=x\nCOPY $file /", "")]
    [InlineData("FROM busybox\nCOPY $file /", "")]
    [InlineData("FROM scratch\nENV A=b\nLABEL x=$B", "3 UndefinedVar")]
    [InlineData("FROM scratch\nCMD [\"a\"]\nCMD [\"b\"]", "2 MultipleInstructionsDisallowed")]
    [InlineData("FROM scratch\nENV a b", "2 LegacyKeyValueFormat")]
    [InlineData("FROM --platform=$TARGETPLATFORM busybox", "1 RedundantTargetPlatform")]
    [InlineData("FROM --platform=linux/amd64 busybox", "1 FromPlatformFlagConstDisallowed")]
    [InlineData("FROM scratch\nARG DB_PASSWORD\nENV TOKEN=x PUBLIC_KEY=y", "2 SecretsUsedInArgOrEnv,3 SecretsUsedInArgOrEnv")]
    [InlineData("FROM scratch\nCOPY ignored.txt kept /x/", "2 CopyIgnoredFile")]
    [InlineData("# check=experimental=all\n\n# wrong text\nARG X=1\nFROM scratch", "4 InvalidDefinitionDescription")]
    [InlineData("# check=experimental=all\n\n# X is one\nARG X=1\nFROM scratch", "")]
    [InlineData("# wrong text\nARG X=1\nFROM scratch", "")]
    [InlineData("FROM scratch\nEXPOSE 80/TCP", "2 ExposeProtoCasing")]
    [InlineData("FROM scratch\nEXPOSE 127.0.0.1:80:80", "2 ExposeInvalidFormat")]
    [InlineData("# check=skip=StageNameCasing,FromAsCasing\nFROM scratch as Base", "")]
    [InlineData("# check=skip=all\nFROM scratch as Base", "")]
    public void Warnings_have_the_names_and_lines_of_BuildKit(string dockerfile, string expected) =>
        Assert.Equal(expected, string.Join(',', Check(dockerfile).Select(w => $"{w.Line} {w.Rule}")));

    [Fact]
    public void Words_are_those_of_BuildKit()
    {
        Assert.Equal("Usage of undefined variable '$fil' (did you mean $file?)", Check("FROM scratch\nARG file=x\nCOPY $fil /").Single().Message);
        Assert.Equal("https://docs.docker.com/go/dockerfile/rule/json-args-recommended/", Check("FROM scratch\nCMD x").Single().Url);
    }

    [Fact]
    public void Warnings_become_errors_when_the_author_wants_it() =>
        Assert.Contains("JSONArgsRecommended", Assert.Throws<BuildException>(() => Check("# check=error=true\nFROM scratch\nCMD x")).Message, StringComparison.Ordinal);

    private static IReadOnlyList<BuildWarning> Check(string text)
    {
        var dockerfile = DockerfileParser.Parse(Encoding.UTF8.GetBytes(text));
        var options = new BuildOptions { Ignored = ["*.txt"] };
        var platform = Platform.Parse("linux/amd64");
        var scope = new GlobalScope(options.Args, platform, "");
        var graph = new StageGraph(StageReader.Read(dockerfile, scope, platform), "");
        using var session = new BuildSession(options, platform, graph, scope, null!, null!, TimeProvider.System);
        return Linter.Check(dockerfile, session, options);
    }
}
