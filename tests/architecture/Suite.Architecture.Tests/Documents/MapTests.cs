using System.Text.RegularExpressions;
using Suite.Testing.Files;
using static Suite.Architecture.Tests.Offences;

namespace Suite.Architecture.Tests.Documents;

/// <summary>Documents that rot are worse than none: what they name exists, and what exists they name.</summary>
public sealed partial class MapTests
{
    private static readonly string Root = TestPaths.RepositoryRoot;

    [Fact]
    public void The_map_names_every_project()
    {
        var map = File.ReadAllText(Path.Combine(Root, "docs", "map.md"));
        AssertNone(
            from pattern in new[] { "services/*/*", "libs/*", "cli/*" }
            from folder in Projects(pattern)
            where !map.Contains($"`{folder}`", StringComparison.Ordinal)
            select $"docs/map.md does not name {folder}: add a line that says what is changed there");
    }

    [Fact]
    public void The_map_names_nothing_that_is_gone() =>
        AssertNone(
            from Match name in PathInCode().Matches(File.ReadAllText(Path.Combine(Root, "docs", "map.md")))
            let path = name.Groups[1].Value
            where !path.Contains('*', StringComparison.Ordinal) && !Exists(path)
            select $"docs/map.md names {path}, which does not exist");

    [Fact]
    public void Links_lead_somewhere() =>
        AssertNone(
            from document in Documents()
            from Match link in Link().Matches(File.ReadAllText(document))
            let target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value)
            where !Path.Exists(target)
            select $"{Path.GetRelativePath(Root, document)} links to {link.Groups[1].Value}, which does not exist");

    [Fact]
    public void The_list_of_decisions_is_complete()
    {
        var list = File.ReadAllText(Path.Combine(Root, "docs", "adr", "README.md"));
        AssertNone(
            from page in Directory.EnumerateFiles(Path.Combine(Root, "docs", "adr"), "0*.md").Select(Path.GetFileName)
            where !list.Contains($"({page})", StringComparison.Ordinal)
            select $"docs/adr/README.md does not list {page}");
    }

    [Fact]
    public void The_verbs_are_at_most_a_dozen() =>
        Assert.InRange(File.ReadLines(Path.Combine(Root, "Makefile")).Count(line => Verb().IsMatch(line)), 1, 12);

    private static IEnumerable<string> Projects(string pattern) =>
        pattern.Split('/').Aggregate<string, IEnumerable<string>>([""], (folders, part) => part == "*"
            ? folders.SelectMany(folder => Directory.GetDirectories(Path.Combine(Root, folder)).Select(path => Path.GetRelativePath(Root, path)))
            : folders.Select(folder => Path.Combine(folder, part)))
        .Where(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj").Any());

    private static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories));

    // A path is from the top, or within the project that the same line is about.
    private static bool Exists(string path) =>
        new[] { "", "cli/Suite.Cli", "libs/Suite.Linux", "tests/bench/Suite.Bench" }.Any(folder => Path.Exists(Path.Combine(Root, folder, path)));

    [GeneratedRegex(@"`([\w.*-]+/[\w./*-]*)`")]
    private static partial Regex PathInCode();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[a-z-]+:.*## ")]
    private static partial Regex Verb();
}
