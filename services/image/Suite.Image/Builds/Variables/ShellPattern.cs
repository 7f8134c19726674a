using System.Text;

namespace Suite.Image.Builds.Variables;

/// <summary>Patterns within <c>${…}</c>: <c>*</c> for any text, <c>?</c> for one character, a backslash before what stands for itself.</summary>
internal static class ShellPattern
{
    public static string WithoutStart(string value, string pattern, bool longest)
    {
        foreach (var length in Lengths(value, longest))
            if (Matches(pattern, value.AsSpan(0, length))) return value[length..];
        return value;
    }

    public static string WithoutEnd(string value, string pattern, bool longest)
    {
        foreach (var length in Lengths(value, longest))
            if (Matches(pattern, value.AsSpan(value.Length - length))) return value[..^length];
        return value;
    }

    /// <summary>The longest match at the first place where there is one, or at all of them.</summary>
    public static string Replace(string value, string pattern, string by, bool all)
    {
        var result = new StringBuilder();
        for (var at = 0; at < value.Length;)
        {
            var length = Lengths(value[at..], longest: true).FirstOrDefault(l => l > 0 && Matches(pattern, value.AsSpan(at, l)));
            if (length == 0)
            {
                result.Append(value[at++]);
                continue;
            }

            result.Append(by);
            at += length;
            if (!all) return result.Append(value.AsSpan(at)).ToString();
        }

        return result.ToString();
    }

    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        // The classic walk with one point to return to: linear but for the last star, and no recursion.
        int p = 0, t = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, t);
                continue;
            }

            var escaped = p + 1 < pattern.Length && pattern[p] == '\\';
            if (p < pattern.Length && (escaped ? pattern[p + 1] == text[t] : pattern[p] == '?' || pattern[p] == text[t]))
            {
                p += escaped ? 2 : 1;
                t++;
                continue;
            }

            if (star < 0) return false;
            (p, t) = (star + 1, ++mark);
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    private static IEnumerable<int> Lengths(string value, bool longest) =>
        longest ? Enumerable.Range(0, value.Length + 1).Select(i => value.Length - i) : Enumerable.Range(0, value.Length + 1);
}
