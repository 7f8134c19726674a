using System.Text;
using Suite.Linux.Errors;

namespace Suite.Image.Builds;

/// <summary>Splits a Dockerfile into instructions: directives, comments, continuation lines, flags. Knows no instruction's meaning.</summary>
internal static class DockerfileParser
{
    private const int MaxBytes = 1024 * 1024;

    public static IReadOnlyList<Instruction> Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxBytes) throw new SuiteException(ErrorKind.InvalidArgument, $"The Dockerfile is larger than {MaxBytes} bytes.");
        var text = Encoding.UTF8.GetString(content).TrimStart('\uFEFF');
        var lines = text.Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
        var escape = EscapeOf(lines);
        var instructions = new List<Instruction>();
        var joined = new StringBuilder();
        var first = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var trimmed = lines[i].Trim();
            if (trimmed.StartsWith('#') || trimmed.Length == 0) continue; // also between continuation lines
            if (joined.Length == 0) first = i + 1;
            var continues = trimmed[^1] == escape;
            joined.Append(continues ? lines[i].TrimEnd()[..^1] : lines[i]);
            if (continues) continue;
            instructions.Add(One(joined.ToString().Trim(), first));
            joined.Clear();
        }

        if (joined.Length > 0) instructions.Add(One(joined.ToString().Trim(), first));
        return instructions.Count > 0 ? instructions : throw new SuiteException(ErrorKind.InvalidArgument, "The Dockerfile has no instruction.");
    }

    private static Instruction One(string text, int line)
    {
        var (keyword, rest) = Cut(text);
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        while (rest.StartsWith("--", StringComparison.Ordinal))
        {
            (var flag, rest) = Cut(rest);
            var equals = flag.IndexOf('=', StringComparison.Ordinal);
            flags[equals < 0 ? flag[2..] : flag[2..equals]] = equals < 0 ? "true" : flag[(equals + 1)..];
        }

        return new Instruction(line, keyword.ToUpperInvariant(), flags, rest, text);
    }

    private static (string Word, string After) Cut(string text)
    {
        var end = text.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? (text, "") : (text[..end], text[end..].TrimStart());
    }

    /// <summary># escape=` on the first lines, before anything else, makes ` continue lines.</summary>
    private static char EscapeOf(string[] lines)
    {
        foreach (var line in lines)
        {
            var trimmed = line.Trim();
            if (!trimmed.StartsWith('#')) break;
            var parts = trimmed[1..].Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2) break;
            if (parts[0].Equals("escape", StringComparison.OrdinalIgnoreCase))
                return parts[1] is "\\" or "`" ? parts[1][0] : throw new SuiteException(ErrorKind.InvalidArgument, "Dockerfile: the escape directive takes \\ or `.");
        }

        return '\\';
    }
}
