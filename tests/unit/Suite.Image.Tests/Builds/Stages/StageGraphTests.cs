using System.Text;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Image.Tests.Builds.Stages;

public sealed class StageGraphTests
{
    private const string Several = """
        ARG BASE=busybox
        FROM ${BASE} AS base
        FROM base AS a
        RUN one
        FROM base AS b
        RUN two
        FROM unused AS never
        FROM scratch AS last
        COPY --from=a /x /x
        RUN --mount=type=bind,from=b,target=/b three
        """;

    [Theory]
    [InlineData("", "base a b last")]
    [InlineData("last", "base a b last")]
    [InlineData("A", "base a")]
    [InlineData("base", "base")]
    [InlineData("2", "base b")]
    public void Only_what_the_target_needs_is_built(string target, string needed) =>
        Assert.Equal(needed, string.Join(' ', Graph(Several, target).Needed.Select(s => s.Name)));

    [Fact]
    public void Bases_have_their_variables_put_in()
    {
        Assert.Equal("busybox", Graph(Several).Needed[0].Base);
        Assert.Equal("other:1", Graph(Several, args: ("BASE", "other:1")).Needed[0].Base);
        Assert.Equal("x-amd64", Graph("FROM x-$TARGETARCH").Target.Base);
        Assert.Equal("linux/arm64", Graph("ARG P=linux/arm64\nFROM --platform=$P x").Target.Platform.ToString());
        Assert.Equal("linux/amd64", Graph("FROM --platform=$BUILDPLATFORM x").Target.Platform.ToString());
    }

    [Fact]
    public void A_name_given_twice_is_the_later_one()
    {
        var graph = Graph("FROM a AS x\nFROM b AS x\nFROM x");
        Assert.Equal(1, graph.Target.BaseStage!.Index);
    }

    [Theory]
    [InlineData("FROM scratch AS a\nCOPY --from=a /x /", "line 2: COPY makes a cycle")]
    [InlineData("FROM scratch AS a\nCOPY --from=b /x /\nFROM scratch AS b\nCOPY --from=a /x /", "makes a cycle")]
    [InlineData("FROM scratch AS a\nCOPY --from=b /x /\nFROM a AS b", "makes a cycle")]
    [InlineData("FROM scratch AS a\nRUN --mount=from=b,target=/x y\nFROM scratch AS b\nFROM a", "comes later")]
    [InlineData("COPY a b\nFROM scratch", "line 1: COPY comes before FROM")]
    [InlineData("ARG X=1", "no FROM")]
    [InlineData("FROM a b", "after AS")]
    [InlineData("FROM a AS 1x", "'1x'")]
    [InlineData("ARG X\nFROM $X", "line 2: FROM has a base whose name is empty")]
    [InlineData("FROM --platform=linux x", "not a platform")]
    [InlineData("FROM x\nRUN --mount=type=nope,target=/x y", "type 'nope'")]
    [InlineData("FROM x\nRUN --mount=type=ssh,source=a y", "an ssh mount with a source")]
    [InlineData("FROM x\nRUN --mount=type=bind y", "without a target")]
    [InlineData("FROM x\nRUN --mount=type=cache,target=/x,sharing=maybe y", "sharing=maybe")]
    [InlineData("FROM x\nRUN --mount=type=tmpfs,target=/x,size=big y", "size=big")]
    [InlineData("FROM x\nRUN --mount=type=secret y", "without an id")]
    public void What_cannot_be_planned_is_refused(string dockerfile, string says) =>
        Assert.Contains(says, Assert.ThrowsAny<SuiteException>(() => Graph(dockerfile, dockerfile.Contains("FROM scratch AS b", StringComparison.Ordinal) ? "a" : "")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_target_is_refused_with_those_that_there_are() =>
        Assert.Contains("base, a, b, never, last", Assert.Throws<SuiteException>(() => Graph(Several, "none")).Message, StringComparison.Ordinal);

    private static StageGraph Graph(string dockerfile, string target = "", params (string Name, string Value)[] args)
    {
        var platform = Platform.Parse("linux/amd64");
        var scope = new GlobalScope(args.ToDictionary(a => a.Name, a => a.Value), platform, target);
        return new StageGraph(StageReader.Read(DockerfileParser.Parse(Encoding.UTF8.GetBytes(dockerfile)), scope, platform), target);
    }
}
