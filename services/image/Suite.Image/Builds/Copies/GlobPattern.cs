using System.Text.RegularExpressions;

namespace Suite.Image.Builds.Copies;

/// <summary>Go's path.Match, which Docker documents: *, ?, [a-z], [^a-z], backslash; within one name.</summary>
internal static class GlobPattern
{
    public static bool IsOne(string name) => name.AsSpan().ContainsAny('*', '?', '[');

    public static bool Matches(string pattern, string name)
    {
        try
        {
            return Regex.IsMatch(name, $@"\A(?:{ToRegex(pattern)})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (ArgumentException)
        {
            return pattern == name; // [z-a]: no range, so it can only be meant as written
        }
    }

    public static string ToRegex(string pattern) => Regex.Replace(
        pattern, @"\\(.)|\*|\?|\[\^?[^\]]+\]|[^\\*?\[]",
        m => m.Value switch
        {
            "*" => "[^/]*",
            "?" => "[^/]",
            ['[', ..] => m.Value,
            ['\\', _] => Regex.Escape(m.Groups[1].Value),
            var other => Regex.Escape(other),
        });
}
