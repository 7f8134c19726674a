using System.Text.RegularExpressions;
using Suite.Testing.Files;

namespace Suite.Architecture.Tests.Sources;

/// <summary>A C# file of the repository; generated ones are not among them.</summary>
/// <param name="Path">Relative to the repository, with slashes.</param>
/// <param name="Project">The folder of the .csproj above it, relative to the repository.</param>
internal sealed partial record SourceFile(string Path, string Project, string Text)
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Loaded = new(() =>
        [.. new[] { "cli", "libs", "services", "tests" }.SelectMany(Read)]);

    public static IReadOnlyList<SourceFile> All => Loaded.Value;

    public static IEnumerable<SourceFile> Production => All.Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal));

    public int Lines => Text.AsSpan().Count('\n');

    /// <summary>The code alone: comments and the contents of strings blanked, so that a rule's word in prose is no offence.</summary>
    public string Code { get; } = Prose().Replace(Text, match => new string('\n', match.Value.Count(c => c == '\n')));

    public override string ToString() => Path;

    private static IEnumerable<SourceFile> Read(string folder)
    {
        var root = TestPaths.RepositoryRoot;
        foreach (var projectFile in Directory.EnumerateFiles(System.IO.Path.Combine(root, folder), "*.csproj", SearchOption.AllDirectories))
        {
            var project = System.IO.Path.GetDirectoryName(projectFile)!;
            foreach (var path in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            {
                var relative = System.IO.Path.GetRelativePath(root, path);
                if (!relative.Contains("/obj/", StringComparison.Ordinal) && !relative.Contains("/bin/", StringComparison.Ordinal))
                    yield return new SourceFile(relative, System.IO.Path.GetRelativePath(root, project), File.ReadAllText(path));
            }
        }
    }

    // Raw strings first, then verbatim, ordinary and characters, then comments. Interpolated code goes with its string: good enough to lint.
    [GeneratedRegex(""""
        """[\s\S]*?"""|\$?@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*[\s\S]*?\*/
        """")]
    private static partial Regex Prose();
}
