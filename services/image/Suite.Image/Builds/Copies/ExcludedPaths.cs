using System.Text;
using System.Text.RegularExpressions;

namespace Suite.Image.Builds.Copies;

/// <summary>
/// Patterns of .dockerignore and of --exclude: ! brings back what a pattern before left out, and the last one that fits decides. * and ?
/// stay inside a name, ** crosses folders; a pattern that fits a folder fits all in it.
/// </summary>
internal sealed class ExcludedPaths
{
    private readonly List<(Regex Pattern, bool Keeps)> _rules = [];

    public ExcludedPaths(IEnumerable<string> patterns)
    {
        foreach (var line in patterns.Select(p => p.Trim()).Where(p => p.Length > 0))
        {
            var keeps = line[0] == '!';
            var pattern = string.Join('/', (keeps ? line[1..] : line).Split('/').Where(p => p.Length > 0 && p != "."));
            if (pattern.Length > 0) _rules.Add((Compile(pattern), keeps));
        }
    }

    public static ExcludedPaths None { get; } = new([]);

    public bool IsEmpty => _rules.Count == 0;

    public bool Has(string path)
    {
        var left = false;
        foreach (var (pattern, keeps) in _rules)
            if (keeps == left && pattern.IsMatch(path)) left = !keeps;
        return left;
    }

    private static Regex Compile(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        var parts = pattern.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] == "**") regex.Append(i == parts.Length - 1 ? ".*" : "(?:.*/)?");
            else regex.Append(GlobPattern.ToRegex(parts[i].Replace("**", "*", StringComparison.Ordinal))).Append(i == parts.Length - 1 ? "" : "/");
        }

        try
        {
            return new Regex(regex.Append(@"(?:/|\z)").ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (ArgumentException)
        {
            return new Regex($@"\A{Regex.Escape(pattern)}(?:/|\z)", RegexOptions.NonBacktracking);
        }
    }
}
