using System.Text;
using Suite.Image.Builds.Dockerfiles;

namespace Suite.Image.Builds.Variables;

/// <summary>Words of an instruction: split at blanks outside of quotes.</summary>
internal static class Words
{
    /// <summary>Split, and variables put in.</summary>
    public static IReadOnlyList<string> Split(Instruction at, string text, Expansion expansion) =>
        [.. SplitRaw(at, text).Select(w => expansion.Of(at, w))];

    /// <summary>Splits and leaves the words as written.</summary>
    public static IReadOnlyList<string> SplitRaw(Instruction at, string text) =>
        TrySplit(text, at.Escape) ?? throw at.Wrong("has a quote that is not closed");

    /// <returns>Null when a quote is not closed.</returns>
    public static IReadOnlyList<string>? TrySplit(string text, char escape)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && (c is ' ' or '\t'))
            {
                if (word.Length > 0) words.Add(word.ToString());
                word.Clear();
                continue;
            }

            word.Append(c);
            if (c == escape && quote != '\'' && i + 1 < text.Length) word.Append(text[++i]);
            else if (quote == '\0' && (c is '"' or '\'')) quote = c;
            else if (c == quote) quote = '\0';
        }

        if (word.Length > 0) words.Add(word.ToString());
        return quote == '\0' ? words : null;
    }
}
