using System.Text;

namespace Suite.Image.Builds;

/// <summary>Words of an instruction: split at blanks outside of quotes, variables put in, quotes and backslashes taken away.</summary>
internal static class Words
{
    public static IReadOnlyList<string> Split(Instruction at, string text, Func<string, string?> variable) =>
        [.. SplitRaw(at, text).Select(w => Expand(at, w, variable))];

    /// <summary>Splits and leaves the words as written.</summary>
    public static IReadOnlyList<string> SplitRaw(Instruction at, string text)
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
            if (c == '\\' && quote != '\'' && i + 1 < text.Length) word.Append(text[++i]);
            else if (quote == '\0' && (c is '"' or '\'')) quote = c;
            else if (c == quote) quote = '\0';
        }

        if (quote != '\0') throw at.Wrong("has a quote that is not closed");
        if (word.Length > 0) words.Add(word.ToString());
        return words;
    }

    public static string Expand(Instruction at, string word, Func<string, string?> variable)
    {
        var result = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < word.Length; i++)
        {
            var c = word[i];
            if (quote == '\'')
            {
                if (c == '\'') quote = '\0';
                else result.Append(c);
            }
            else if (c == '\\' && i + 1 < word.Length)
            {
                result.Append(word[++i]);
            }
            else if ((c == '\'' && quote == '\0') || c == '"')
            {
                quote = quote == '\0' ? c : '\0';
            }
            else if (c == '$')
            {
                result.Append(Variable(at, word, ref i, variable));
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    /// <summary>$name, ${name}, ${name:-word}, ${name-word}, ${name:+word}, ${name+word}.</summary>
    private static string Variable(Instruction at, string word, ref int i, Func<string, string?> variable)
    {
        if (i + 1 < word.Length && word[i + 1] == '{')
        {
            var close = word.IndexOf('}', i);
            if (close < 0) throw at.Wrong("has a '${' that is not closed");
            var inside = word[(i + 2)..close];
            i = close;
            var end = inside.TakeWhile(IsNameCharacter).Count();
            var value = variable(inside[..end]);
            if (end == inside.Length) return value ?? "";
            var rest = inside[end..];
            var emptyCounts = !rest.StartsWith(':');
            if (!emptyCounts) rest = rest[1..];
            var isSet = emptyCounts ? value is not null : !string.IsNullOrEmpty(value);
            if (rest.StartsWith('-')) return isSet ? value! : Expand(at, rest[1..], variable);
            if (rest.StartsWith('+')) return isSet ? Expand(at, rest[1..], variable) : "";
            throw at.NotBuilt($"the substitution ${{{inside}}}");
        }

        var start = i + 1;
        var length = word.Skip(start).TakeWhile(IsNameCharacter).Count();
        if (length == 0) return "$";
        i += length;
        return variable(word.Substring(start, length)) ?? "";
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
