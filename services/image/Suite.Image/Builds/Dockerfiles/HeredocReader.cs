using System.Text.RegularExpressions;
using Suite.Image.Builds.Variables;

namespace Suite.Image.Builds.Dockerfiles;

/// <summary>Finds the beginnings of here-documents: words such as <c>&lt;&lt;EOT</c>, <c>&lt;&lt;-"EOT"</c> or <c>3&lt;&lt;EOT</c>.</summary>
internal static partial class HeredocReader
{
    public static bool MayHave(Instruction i)
    {
        if (!i.Arguments.Contains("<<", StringComparison.Ordinal)) return false;
        return i.Keyword is "RUN" or "COPY" or "ADD" || (i.Keyword == "ONBUILD" && MayHave(InstructionReader.Inner(i)));
    }

    /// <summary>Those of a line, without their content yet.</summary>
    public static IReadOnlyList<Heredoc> Find(Instruction i)
    {
        if (i.Keyword == "ONBUILD") return Find(InstructionReader.Inner(i));
        if (i.Arguments.StartsWith('[') && JsonWords.Read(i.Arguments) is not null) return [];
        return Words.TrySplit(i.Arguments, i.Escape) is { } words ? [.. words.Select(Begun).OfType<Heredoc>()] : [];
    }

    public static Heredoc? Begun(string word)
    {
        var match = Beginning().Match(word);
        if (!match.Success) return null;
        var written = match.Groups[2].Value;
        var quoted = written.AsSpan().ContainsAny('"', '\'', '\\');
        var name = quoted ? written.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal) : written;
        return name.Length == 0 || name.AsSpan().ContainsAny(' ', '\t') ? null : new Heredoc(name, !quoted, match.Groups[1].Length > 0, "");
    }

    [GeneratedRegex(@"^\d*<<(-?)([^<\s]+|""[^""<]+""|'[^'<]+')$")]
    private static partial Regex Beginning();
}
