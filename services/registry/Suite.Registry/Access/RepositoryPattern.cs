namespace Suite.Registry.Access;

/// <summary>A pattern of repository names: * stands for anything but a slash, ** for anything at all.</summary>
internal sealed class RepositoryPattern(string pattern)
{
    public string Text => pattern;

    public bool Matches(string name) => Matches(pattern, name);

    // Walks back to the last star only, so that a hostile name costs length times length and no more.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        var deep = false;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                deep = p + 1 < pattern.Length && pattern[p + 1] == '*';
                p += deep ? 2 : 1;
                (star, mark) = (p, n);
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0 && (deep || name[mark] != '/'))
            {
                p = star;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }
}
