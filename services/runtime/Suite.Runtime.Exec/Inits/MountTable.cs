using System.Text;
using Suite.Linux.Handles;

namespace Suite.Runtime.Exec.Inits;

/// <summary>/proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
internal static class MountTable
{
    /// <returns>Where whole file systems of a type are mounted, those mounted last first.</returns>
    public static IReadOnlyList<string> Find(Func<string, bool> type) => Find(Descriptor.TryReadText("/proc/self/mountinfo") ?? "", type);

    internal static IReadOnlyList<string> Find(string mountInfo, Func<string, bool> type)
    {
        var found = new List<string>();
        foreach (var line in mountInfo.Split('\n'))
        {
            var separator = line.IndexOf(" - ", StringComparison.Ordinal);
            if (separator < 0)
                continue;
            var fields = line[..separator].Split(' ');
            if (fields.Length > 4 && fields[3] == "/" && type(line[(separator + 3)..].Split(' ')[0]))
                found.Add(Unescape(fields[4]));
        }

        found.Reverse();
        return found;
    }

    // Blanks, tabs, newlines and backslashes are three octal digits.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                plain.Append((char)((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0')));
                i += 3;
            }
            else
                plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
