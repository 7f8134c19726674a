using Suite.Cli.Contexts;

namespace Suite.Cli.Tests.Contexts;

public sealed class IgnoreFileTests
{
    [Theory]
    [InlineData("*.md", "a.md", true)]
    [InlineData("*.md", "docs/a.md", false)]
    [InlineData("**/*.md", "a.md", true)]
    [InlineData("**/*.md", "docs/deep/a.md", true)]
    [InlineData("docs", "docs/a.md", true)]
    [InlineData("docs", "docs2", false)]
    [InlineData("/docs/", "docs", true)]
    [InlineData("./docs", "docs/x", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[ab].txt", "b.txt", true)]
    [InlineData("a.c", "abc", false)]
    [InlineData("**", "any/thing", true)]
    [InlineData("# comment", "# comment", false)]
    public void A_pattern_fits(string pattern, string path, bool leftOut) =>
        Assert.Equal(leftOut, new IgnoreFile([pattern]).LeavesOut(path));

    [Fact]
    public void The_last_line_that_fits_decides()
    {
        var ignore = new IgnoreFile(["*", "!src", "src/*.o", "!src/keep.o"]);

        Assert.True(ignore.LeavesOut("Makefile"));
        Assert.False(ignore.LeavesOut("src/a.c"));
        Assert.True(ignore.LeavesOut("src/a.o"));
        Assert.False(ignore.LeavesOut("src/keep.o"));
    }
}
