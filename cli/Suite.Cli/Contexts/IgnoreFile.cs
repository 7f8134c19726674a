using System.Text;
using System.Text.RegularExpressions;

namespace Suite.Cli.Contexts;

/// <summary>
/// The patterns of a .dockerignore: one a line, # begins a comment, ! brings back what a line above left out, and the last
/// line that fits decides. * and ? stay inside a name, ** crosses folders; a pattern that fits a folder fits all in it.
/// </summary>
internal sealed class IgnoreFile
{
    private readonly List<Rule> _rules = [];

    public IgnoreFile(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;
            var keeps = text[0] == '!';
            var pattern = (keeps ? text[1..].Trim() : text).Trim('/');
            if (pattern.StartsWith("./", StringComparison.Ordinal))
                pattern = pattern[2..];
            if (pattern.Length > 0 && pattern != ".")
                _rules.Add(new Rule(Compile(pattern), keeps));
        }
    }

    /// <summary>Whether a line brings something back: folders left out must then still be looked into.</summary>
    public bool HasExceptions => _rules.Any(r => r.Keeps);

    /// <param name="path">Relative to the context, with slashes.</param>
    public bool LeavesOut(string path)
    {
        var left = false;
        foreach (var rule in _rules)
        {
            if (rule.Keeps == left && rule.Pattern.IsMatch(path))
                left = !rule.Keeps;
        }

        return left;
    }

    private static Regex Compile(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    i++;
                    // "**/x" also fits x itself.
                    if (i + 1 < pattern.Length && pattern[i + 1] == '/')
                    {
                        i++;
                        regex.Append("(?:.*/)?");
                    }
                    else
                    {
                        regex.Append(".*");
                    }

                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[' when pattern.IndexOf(']', i) is > 0 and var end:
                    regex.Append(pattern[i..(end + 1)].Replace("\\", "\\\\", StringComparison.Ordinal));
                    i = end;
                    break;
                case '\\' when i + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }

        // NonBacktracking: patterns come with contexts that others wrote.
        return new Regex(regex.Append("(?:/|$)").ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    private sealed record Rule(Regex Pattern, bool Keeps);
}
