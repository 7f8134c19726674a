using System.Text;

namespace Suite.Cli.Inspection;

/// <summary>A piece of a template: text as it is, or the inside of {{ }} as words.</summary>
internal sealed record TemplatePiece(string? Text, string[] Words);

/// <summary>Takes a template apart. "{{-" and "-}}" eat the blanks beside them.</summary>
internal static class TemplateLexer
{
    public static IReadOnlyList<TemplatePiece> Split(string text)
    {
        var pieces = new List<TemplatePiece>();
        var position = 0;
        var trimNext = false;
        while (position < text.Length)
        {
            var start = text.IndexOf("{{", position, StringComparison.Ordinal);
            var plain = start < 0 ? text[position..] : text[position..start];
            var end = start < 0 ? -1 : FindEnd(text, start + 2);
            if (start >= 0 && end < 0)
                throw new TemplateException("a {{ has no }}");
            var inside = start < 0 ? "" : text[(start + 2)..end];
            if (trimNext)
                plain = plain.TrimStart();
            if (inside.StartsWith("- ", StringComparison.Ordinal))
                (plain, inside) = (plain.TrimEnd(), inside[1..]);
            trimNext = inside.EndsWith(" -", StringComparison.Ordinal);
            if (trimNext)
                inside = inside[..^1];
            if (plain.Length > 0)
                pieces.Add(new TemplatePiece(plain, []));
            if (start < 0)
                break;
            if (!inside.TrimStart().StartsWith("/*", StringComparison.Ordinal))
                pieces.Add(new TemplatePiece(null, Words(inside)));
            position = end + 2;
        }

        return pieces;
    }

    // "}}" within a string is not the end.
    private static int FindEnd(string text, int from)
    {
        for (var i = from; i + 1 < text.Length; i++)
        {
            if (text[i] is '"' or '`')
                i = EndOfString(text, i);
            else if (text[i] == '}' && text[i + 1] == '}')
                return i;
        }

        return -1;
    }

    private static int EndOfString(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && text[start] == '"')
                i++;
            else if (text[i] == text[start])
                return i;
        }

        throw new TemplateException("a string has no end");
    }

    private static string[] Words(string inside)
    {
        var words = new List<string>();
        for (var i = 0; i < inside.Length;)
        {
            var c = inside[i];
            if (char.IsWhiteSpace(c))
                i++;
            else if (c is '"' or '`')
            {
                var end = EndOfString(inside, i);
                words.Add(c == '"' ? "\"" + Unescape(inside[(i + 1)..end]) : "\"" + inside[(i + 1)..end]);
                i = end + 1;
            }
            else if (c == ')' && i + 1 < inside.Length && inside[i + 1] == '.')
            {
                // (index .Ports 0).HostPort: a field of what the parentheses give, as long as nothing stands between.
                var end = i + 1;
                while (end < inside.Length && !char.IsWhiteSpace(inside[end]) && inside[end] is not ('(' or ')' or '|' or ','))
                    end++;
                words.Add(inside[i..end]);
                i = end;
            }
            else if (c is '(' or ')' or '|' or ',')
            {
                words.Add(c.ToString());
                i++;
            }
            else if (c == ':' && i + 1 < inside.Length && inside[i + 1] == '=')
            {
                words.Add(":=");
                i += 2;
            }
            else
            {
                var end = i + 1;
                while (end < inside.Length && !char.IsWhiteSpace(inside[end]) && inside[end] is not ('(' or ')' or '|' or ',' or '"' or '`' or ':'))
                    end++;
                words.Add(inside[i..end]);
                i = end;
            }
        }

        return [.. words];
    }

    private static string Unescape(string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
                result.Append(text[i]);
            else
                result.Append(text[++i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
        }

        return result.ToString();
    }
}
