using System.Text;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Instructions;
using Suite.Image.Builds.Stages;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Image.Tests.Builds.Instructions;

public sealed class ConfigInstructionTests
{
    [Fact]
    public void Configuration_instructions_do_what_docker_does()
    {
        var (state, _) = Apply("""
            CMD ["old"]
            ENTRYPOINT ["/e"]
            ENV A=1 B="two words" C=$A
            ENV OLD form here
            LABEL x=y
            EXPOSE 80 53/udp 8000-8002
            VOLUME /data /more
            USER 1000:1000
            STOPSIGNAL SIGQUIT
            MAINTAINER some one
            CMD echo $A
            """);
        var config = state.Config;
        Assert.Equal(["/e"], config.Entrypoint!);
        Assert.Equal(["/bin/sh", "-c", "echo $A"], config.Cmd!);
        Assert.Equal(["A=1", "B=two words", "C=", "OLD=form here"], config.Env!);
        Assert.Equal(["53/udp", "80/tcp", "8000/tcp", "8001/tcp", "8002/tcp"], config.ExposedPorts!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["/data", "/more"], config.Volumes!.Keys);
        Assert.Equal(("1000:1000", "SIGQUIT", "y", "some one"), (config.User, config.StopSignal, config.Labels!["x"], state.Author));
    }

    [Fact]
    public void History_has_the_words_of_BuildKit()
    {
        var (_, history) = Apply("""
            ENV A=1 B="x y"
            CMD ["a", "b \"c\""]
            ENTRYPOINT exec top
            EXPOSE 80/TCP
            VOLUME ["/a", "/b"]
            USER app
            STOPSIGNAL 9
            SHELL ["/bin/ash", "-ec"]
            HEALTHCHECK --interval=90s --retries=3 CMD test -f /x
            ONBUILD RUN make
            LABEL k=v
            """);
        Assert.Equal(
            [
                "ENV A=1 B=x y", "CMD [\"a\" \"b \\\"c\\\"\"]", "ENTRYPOINT [\"/bin/sh\" \"-c\" \"exec top\"]", "EXPOSE [80/tcp]", "VOLUME [/a /b]", "USER app", "STOPSIGNAL 9",
                "SHELL [/bin/ash -ec]", "HEALTHCHECK {Test:[CMD-SHELL test -f /x] Interval:1m30s Timeout:0s StartPeriod:0s StartInterval:0s Retries:3}", "ONBUILD RUN make", "LABEL k=v",
            ],
            history);
    }

    [Fact]
    public void What_docker_keeps_beside_the_specification_is_kept_as_it_does()
    {
        var (state, _) = Apply("SHELL [\"/bin/ash\", \"-c\"]\nHEALTHCHECK --timeout=2s CMD [\"ok\"]\nONBUILD COPY a b\nONBUILD RUN c\nCMD x\nHEALTHCHECK NONE");
        var json = Encoding.UTF8.GetString(new ImageConfig { Architecture = "amd64", Os = "linux", Rootfs = new RootFs { Type = "layers", DiffIds = [] }, Config = state.Config }.ToJson());
        Assert.Contains("\"Healthcheck\":{\"Test\":[\"NONE\"]},\"OnBuild\":[\"COPY a b\",\"RUN c\"],\"Shell\":[\"/bin/ash\",\"-c\"]", json, StringComparison.Ordinal);
        Assert.Equal(["/bin/ash", "-c", "x"], state.Config.Cmd!);
        Assert.Equal(["COPY a b", "RUN c"], state.Config.OnBuild());
        Assert.Empty(state.Config.WithOnBuild([]).OnBuild());
    }

    [Theory]
    [InlineData("EXPOSE 99999")]
    [InlineData("EXPOSE x")]
    [InlineData("ENV x")]
    [InlineData("ENV =x")]
    [InlineData("ENV \"a=b")]
    [InlineData("USER a b")]
    [InlineData("CMD")]
    [InlineData("STOPSIGNAL SIGNONE")]
    [InlineData("SHELL /bin/sh -c")]
    [InlineData("HEALTHCHECK SOMETIMES x")]
    [InlineData("HEALTHCHECK --interval=1 CMD x")]
    [InlineData("HEALTHCHECK --interval=10us CMD x")]
    [InlineData("HEALTHCHECK NONE x")]
    [InlineData("HEALTHCHECK CMD")]
    [InlineData("ONBUILD FROM x")]
    [InlineData("ONBUILD ONBUILD RUN x")]
    [InlineData("ONBUILD NONSENSE x")]
    [InlineData("VOLUME []")]
    public void What_is_wrong_is_told_with_its_line(string line)
    {
        var instruction = DockerfileParser.Parse(Encoding.UTF8.GetBytes("\n\n" + line)).Instructions.Single();
        var error = Assert.Throws<BuildException>(() => ConfigInstructions.Apply(instruction, new StageState()));
        Assert.Equal((ErrorKind.InvalidArgument, 3), (error.Kind, error.Line));
        Assert.StartsWith("Dockerfile line 3:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NONSENSE x", "no instruction 'NONSENSE'")]
    [InlineData("COPPY a b", "did you mean COPY?")]
    [InlineData("COPY --nope=1 a b", "no flag --nope")]
    [InlineData("COPY --from=a --from=b a b", "twice")]
    [InlineData("WORKDIR", "needs arguments")]
    public void Unknown_things_are_refused_before_anything_is_done(string line, string says) =>
        Assert.Contains(says, Assert.Throws<BuildException>(() => Grammar.Check(DockerfileParser.Parse(Encoding.UTF8.GetBytes(line)).Instructions.Single())).Message, StringComparison.Ordinal);

    private static (StageState State, List<string?> History) Apply(string dockerfile)
    {
        var state = new StageState();
        return (state, [.. DockerfileParser.Parse(Encoding.UTF8.GetBytes(dockerfile)).Instructions.Select(i => ConfigInstructions.Apply(i, state))]);
    }
}
