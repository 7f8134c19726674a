using System.Text;

namespace Suite.Image.Builds.Dockerfiles;

/// <summary>Takes the keyword and the flags off an instruction's line.</summary>
internal static class InstructionReader
{
    public static Instruction Read(string text, int line, int endLine, char escape, IReadOnlyList<string> comments)
    {
        var (keyword, rest) = Cut(text);
        var flags = new List<InstructionFlag>();
        while (rest.StartsWith("--", StringComparison.Ordinal))
        {
            var word = Word(rest, escape, out rest);
            if (word == "--") break;
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            flags.Add(equals < 0 ? new InstructionFlag(word[2..], "") : new InstructionFlag(word[2..equals], word[(equals + 1)..]));
        }

        return new Instruction(line, endLine, keyword.ToUpperInvariant(), flags, rest, text) { Escape = escape, Spelling = keyword, Comments = comments };
    }

    /// <summary>ONBUILD's instruction, at the same place.</summary>
    public static Instruction Inner(Instruction outer) =>
        Read(outer.Arguments, outer.Line, outer.EndLine, outer.Escape, []) with { Heredocs = outer.Heredocs };

    private static (string Word, string After) Cut(string text)
    {
        var end = text.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? (text, "") : (text[..end], text[end..].TrimStart());
    }

    /// <summary>A flag ends at a blank that is neither quoted nor escaped; its quotes go.</summary>
    private static string Word(string text, char escape, out string rest)
    {
        var word = new StringBuilder();
        var quote = '\0';
        var i = 0;
        for (; i < text.Length && (quote != '\0' || text[i] is not (' ' or '\t')); i++)
        {
            if (text[i] == escape && quote != '\'' && i + 1 < text.Length && text[i + 1] is ' ' or '"' or '\'') word.Append(text[++i]);
            else if (quote == '\0' && text[i] is '"' or '\'') quote = text[i];
            else if (quote != '\0' && text[i] == quote) quote = '\0';
            else word.Append(text[i]);
        }

        rest = text[i..].TrimStart();
        return word.ToString();
    }
}
