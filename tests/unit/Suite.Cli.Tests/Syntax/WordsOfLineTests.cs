using Suite.Cli.Commands;
using Suite.Cli.Syntax;

namespace Suite.Cli.Tests.Syntax;

public sealed class WordsOfLineTests
{
    [Theory]
    [InlineData("run -itp80:80 box sh", "run --interactive=true --tty=true --publish=80:80 -- box sh")]
    [InlineData("run -itp 80:80 box", "run --interactive=true --tty=true --publish=80:80 -- box")]
    [InlineData("run --rm box --rm -it", "run --rm=true -- box --rm -it")]
    [InlineData("run --rm=false -i=0 box", "run --rm=false --interactive=false -- box")]
    [InlineData("run -it=false box", "run --interactive=true --tty=false -- box")]
    [InlineData("run -p=80 box", "run --publish=80 -- box")]
    [InlineData("run --env A=b=c box", "run --env=A=b=c -- box")]
    [InlineData("run -- box", "run -- box")]
    [InlineData("rm -f true", "rm --force=true true")]
    [InlineData("rm web -f", "rm web --force=true")]
    [InlineData("logs --tail -1 web", "logs --tail=-1 web")]
    [InlineData("container run -it box sh -c x", "container run --interactive=true --tty=true -- box sh -c x")]
    [InlineData("-H unix:///x container ls -a", "--host=unix:///x container ls --all=true")]
    [InlineData("--run run login", "--run=run login")]
    [InlineData("--run=run -H=up --options ps ps -a", "--run=run --host=up --options=ps ps --all=true")]
    [InlineData("-Hup rm web", "--host=up rm web")]
    [InlineData("ps -az", "ps -az")]
    [InlineData("ps -h", "ps --help")]
    [InlineData("-h", "--help")]
    [InlineData("run -h web box -h", "run --hostname=web -- box -h")]
    [InlineData("run --nosuch box", "run --nosuch -- box")]
    [InlineData("run --name", "run --name")]
    [InlineData("run -w", "run -w")]
    public void A_line_is_read_as_docker_reads_it(string line, string words)
    {
        string[] args = line.Split(' ');

        Assert.Equal(words, string.Join(' ', WordsOfLine.Read(Catalog.RootFor(args), args).Words));
    }

    [Fact]
    public void An_empty_value_stays_one()
    {
        string[] args = ["run", "--entrypoint", "", "box"];

        Assert.Equal(["run", "--entrypoint", "", "--", "box"], WordsOfLine.Read(Catalog.RootFor(args), args).Words);
    }
}
