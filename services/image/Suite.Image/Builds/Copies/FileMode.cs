namespace Suite.Image.Builds.Copies;

/// <summary>A --chmod: octal, or as chmod(1) writes it: <c>u=rwX,go-w</c>.</summary>
internal sealed class FileMode
{
    private readonly uint? _octal;
    private readonly IReadOnlyList<(uint Who, char Does, string What)> _changes;

    private FileMode(uint? octal, IReadOnlyList<(uint, char, string)> changes) => (_octal, _changes) = (octal, changes);

    /// <returns>Null when the text is none.</returns>
    public static FileMode? Parse(string text)
    {
        if (text.Length is > 0 and <= 5 && text.All(c => c is >= '0' and <= '7')) return Convert.ToUInt32(text, 8) <= 0xFFF ? new FileMode(Convert.ToUInt32(text, 8), []) : null;
        var changes = new List<(uint, char, string)>();
        foreach (var clause in text.Split(','))
        {
            var who = clause.TakeWhile(c => c is 'u' or 'g' or 'o' or 'a').ToArray();
            var at = who.Length;
            if (at == clause.Length) return null;
            while (at < clause.Length)
            {
                var does = clause[at++];
                // The rights of another class, or rights.
                var what = at < clause.Length && clause[at] is 'u' or 'g' or 'o'
                    ? clause[at].ToString()
                    : new string([.. clause[at..].TakeWhile(c => c is 'r' or 'w' or 'x' or 'X' or 's' or 't')]);
                if (does is not ('+' or '-' or '=')) return null;
                changes.Add((Who(who), does, what));
                at += what.Length;
            }
        }

        return new FileMode(null, changes);
    }

    public uint Of(uint mode, bool isDirectory)
    {
        if (_octal is { } whole) return whole;
        var result = mode & 0xFFF;
        foreach (var (who, does, what) in _changes)
        {
            var bits = what.Aggregate(0u, (sum, c) => sum | Bits(c, who, result, isDirectory));
            result = does switch
            {
                '+' => result | bits,
                '-' => result & ~bits,
                _ => (result & ~(who & 0x1FF) & ~(who & 0xE00)) | bits,
            };
        }

        return result;
    }

    /// <summary>The permission bits of those meant, with set-user-id, set-group-id and sticky bit where they are theirs.</summary>
    private static uint Who(char[] who) => who.Length == 0 || who.Contains('a') ? 0xFFF
        : (who.Contains('u') ? 0x9C0u : 0) | (who.Contains('g') ? 0x438u : 0) | (who.Contains('o') ? 0x207u : 0);

    private static uint Bits(char c, uint who, uint mode, bool isDirectory) => who & c switch
    {
        'r' => 0x124u,
        'w' => 0x92u,
        'x' => 0x49u,
        'X' => isDirectory || (mode & 0x49) != 0 ? 0x49u : 0,
        's' => 0xC00u,
        'u' => 0x49u * (mode >> 6 & 7),
        'g' => 0x49u * (mode >> 3 & 7),
        'o' => 0x49u * (mode & 7),
        _ => 0x200u,
    };
}
