using Suite.Image.Builds.Contexts;
using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Dockerfiles;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Testing.Files;

namespace Suite.Image.Tests.Builds.Copies;

public sealed class CopyTests : IDisposable
{
    private readonly TempFolder _folder = new("copyplan");
    private readonly ContextStore _store;

    public CopyTests() => _store = new ContextStore(_folder.FullName, TimeProvider.System);

    public void Dispose() => _folder.Dispose();

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
    public void Wildcards_are_those_of_go(string pattern, string name, bool matches) => Assert.Equal(matches, GlobPattern.Matches(pattern, name));

    [Theory]
    [InlineData("*.md", "a.md", true)]
    [InlineData("*.md", "docs/a.md", false)]
    [InlineData("**/*.md", "docs/deep/a.md", true)]
    [InlineData("**/*.md", "a.md", true)]
    [InlineData("docs", "docs/a.md", true)]
    [InlineData("docs/**", "docs/a/b", true)]
    [InlineData("docs/**", "docs", false)]
    [InlineData("/docs/", "docs/a.md", true)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("*/x", "a/x", true)]
    [InlineData("*/x", "a/b/x", false)]
    public void Excluded_paths_are_those_of_dockerignore(string pattern, string path, bool has) => Assert.Equal(has, new ExcludedPaths([pattern]).Has(path));

    [Fact]
    public void The_last_pattern_that_fits_decides()
    {
        var excluded = new ExcludedPaths(["*", "!src", "src/*.tmp", "!src/keep.tmp"]);
        Assert.Equal([true, false, true, false], new[] { "readme", "src/a.c", "src/x.tmp", "src/keep.tmp" }.Select(excluded.Has));
    }

    [Theory]
    [InlineData("a.txt", "/dir/", "dir/ dir/a.txt")]
    [InlineData("a.txt", "/b.txt", "b.txt")]
    [InlineData("d", "/", "x y/ y/z")]
    [InlineData("d", "/new", "new/ new/x new/y/ new/y/z")]
    [InlineData("d a.txt", "/t/", "t/ t/a.txt t/x t/y/ t/y/z")]
    [InlineData("*.txt", "/t/", "t/ t/a.txt t/b.txt")]
    [InlineData("d/y", "/a/b/c", "a/ a/b/ a/b/c/ a/b/c/z")]
    [InlineData("link", "/t/", "t/ t/a.txt")]
    public void Sources_go_where_docker_puts_them(string sources, string destination, string expected) =>
        Assert.Equal(expected, Targets(Plan(sources, destination)));

    [Fact]
    public void With_parents_the_path_is_kept_from_its_pivot()
    {
        Assert.Equal("t/ t/d/ t/d/y/ t/d/y/z", Targets(CopyPlan.Of(At, [Found("d/y/z") with { Pivot = "" }], "/t/", null, ExcludedPaths.None)));
        Assert.Equal("t/ t/y/ t/y/z", Targets(CopyPlan.Of(At, [Found("d/y/z") with { Pivot = "d" }], "/t/", null, ExcludedPaths.None)));
    }

    [Fact]
    public void What_is_excluded_is_left_out() =>
        Assert.Equal("new/ new/y/", Targets(CopyPlan.Of(At, [Found("d")], "/new", null, new ExcludedPaths(["x", "**/z"]))));

    [Theory]
    [InlineData("none", "finds no 'none'")]
    [InlineData("../x", "outside")]
    [InlineData("d/../../x", "outside")]
    public void Sources_that_are_not_there_are_refused(string source, string says) =>
        Assert.Contains(says, Assert.ThrowsAny<SuiteException>(() => Found(source)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_wildcard_that_finds_nothing_is_no_error() => Assert.Empty(Found("*.none").Matches);

    [Fact]
    public void Links_of_a_context_lead_nowhere_else()
    {
        var tree = Tree();
        Assert.Equal("a.txt", tree.Find("link")!.Path);
        Assert.Equal("a.txt", tree.Find("up")!.Path);
        Assert.Null(tree.Find("broken"));
        Assert.Throws<SuiteException>(() => tree.Find("loop"));
        Assert.Throws<SuiteException>(() => tree.Add(new SourceFile("../x", FileCalls.S_IFREG)));
        Assert.Throws<SuiteException>(() => tree.Add(new SourceFile("a.txt/x", FileCalls.S_IFREG)));
    }

    [Theory]
    [InlineData("755", 0x1A4u, false, 0x1EDu)]
    [InlineData("u=rwX,go=rX", 0x1FFu, true, 0x1EDu)]
    [InlineData("u=rwX,go=rX", 0x1B6u, false, 0x1A4u)]
    [InlineData("go-w", 0x1B6u, false, 0x1A4u)]
    [InlineData("+x", 0x1A4u, false, 0x1EDu)]
    [InlineData("u+s", 0x1EDu, false, 0x9EDu)]
    [InlineData("a=r,u+w", 0x1FFu, false, 0x1A4u)]
    [InlineData("g=u", 0x1A4u, false, 0x1B4u)]
    [InlineData("o=g,g=", 0x1E8u, false, 0x1C5u)]
    public void Modes_are_those_of_chmod(string text, uint mode, bool directory, uint expected) => Assert.Equal(expected, Image.Builds.Copies.FileMode.Parse(text)!.Of(mode, directory));

    [Theory]
    [InlineData("888")]
    [InlineData("rwx")]
    [InlineData("u")]
    [InlineData("77777")]
    public void What_is_no_mode_is_none(string text) => Assert.Null(Image.Builds.Copies.FileMode.Parse(text));

    [Theory]
    [InlineData("**/x", true, "d/x")]
    [InlineData("**/*.txt", true, "a.txt b.txt")]
    [InlineData("d/**", true, "d/x d/y d/y/z")]
    [InlineData("d/**/z", true, "d/y/z")]
    [InlineData("**/z", true, "d/y/z")]
    [InlineData("**/z", false, "")]
    [InlineData("**/x", false, "d/x")]
    public void Two_stars_cross_folders_where_their_parents_are_kept(string source, bool crosses, string found) =>
        Assert.Equal(found, string.Join(' ', SourceMatch.Find(At, Tree(), source, "the context", crosses).Select(f => f.Path)));

    private static Instruction At { get; } = new(1, 1, "COPY", [], "", "");

    private ContextTree Tree()
    {
        var tree = new ContextTree(_store);
        foreach (var file in new[] { "a.txt", "b.txt", "d/x", "d/y/z" }) tree.Add(new SourceFile(file, FileCalls.S_IFREG | 0x1A4));
        foreach (var (link, to) in new[] { ("link", "a.txt"), ("up", "../../a.txt"), ("broken", "none"), ("loop", "loop") }) tree.Add(new SourceFile(link, FileCalls.S_IFLNK | 0x1FF) { Link = to });
        return tree;
    }

    private CopySource Found(string source)
    {
        var tree = Tree();
        return new CopySource(tree, SourceMatch.Find(At, tree, source, "the context", crosses: false));
    }

    private IReadOnlyList<CopyEntry> Plan(string sources, string destination) => CopyPlan.Of(At, [.. sources.Split(' ').Select(Found)], destination, null, ExcludedPaths.None);

    private static string Targets(IReadOnlyList<CopyEntry> entries) => string.Join(' ', entries.Select(e => e.Target + (e.Source is null or { IsDirectory: true } ? "/" : "")));
}
