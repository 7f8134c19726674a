using System.Text;
using Suite.Image.Builds;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Instructions;
using Suite.Image.Builds.Lints;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Image.Tests.Builds.Dockerfiles;

public sealed class DockerfileFuzzTests
{
    private static readonly string[] Pieces =
    [
        "FROM", "scratch", "busybox", " AS ", "a", "b", "\n", "\n", "\n", " ", " ", "\\", "\\\n", "`", "# ", "#escape=`\n", "RUN ", "COPY ", "ADD ", "ENV ", "ARG ", "LABEL ", "CMD ", "ONBUILD ",
        "HEALTHCHECK ", "EXPOSE ", "VOLUME ", "WORKDIR ", "USER ", "SHELL ", "STOPSIGNAL ", "--from=", "--mount=type=", "cache", "bind", "secret", ",target=/x", ",id=", "--chown=", "<<", "<<EOF", "EOF\n", "<<-\"X\"", "X\n",
        "${", "}", "$", "$a", ":-", ":?", "#", "##", "%", "/", "//", "\"", "'", "[", "]", "[\"x\"]", "=", "a=b", ",", "80/tcp", "*", "?", "..", "\t", "\r\n", "é", "\0", "--",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_is_written_is_understood_or_refused(int seed)
    {
        var random = new Random(seed);
        var platform = Platform.Parse("linux/amd64");
        for (var round = 0; round < 3000; round++)
        {
            var text = (random.Next(3) > 0 ? "FROM scratch\n" : "") + string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            try
            {
                var dockerfile = DockerfileParser.Parse(Encoding.UTF8.GetBytes(text));
                var options = new BuildOptions { Ignored = ["*.x", "!a"] };
                var scope = new GlobalScope(options.Args, platform, "");
                var graph = new StageGraph(StageReader.Read(dockerfile, scope, platform), "");
                using var session = new BuildSession(options, platform, graph, scope, null!, null!, TimeProvider.System);
                _ = Linter.Check(dockerfile, session, options);
                var state = new StageState();
                foreach (var i in dockerfile.Instructions)
                {
                    if (i.Keyword is "COPY" or "ADD") _ = CopyWords.Read(i, state);
                    else if (i.Keyword == "RUN") _ = Image.Builds.Runs.RunCommand.Read(i, state);
                    else _ = ConfigInstructions.Apply(i, state);
                }
            }
            catch (SuiteException e)
            {
                Assert.NotEqual(ErrorKind.Internal, e.Kind);
            }
        }
    }
}
