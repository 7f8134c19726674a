using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Signals by number or by name, with SIG or without, in any case (signal(7); the numbers of x86 and ARM).</summary>
internal static class SignalNames
{
    private const int RealTimeFirst = 34;
    private const int RealTimeLast = 64;

    private static readonly string[] ByNumber =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number is >= 0 and <= RealTimeLast ? number : throw Unknown(text);

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        number = name.Length == 0 ? -1 : Array.IndexOf(ByNumber, name switch { "POLL" => "IO", "IOT" => "ABRT", "CLD" => "CHLD", _ => name });
        if (number > 0)
            return number;
        if (name.StartsWith("RTMIN", StringComparison.Ordinal) && Offset(name[5..], '+') is { } above)
            return RealTimeFirst + above;
        if (name.StartsWith("RTMAX", StringComparison.Ordinal) && Offset(name[5..], '-') is { } below)
            return RealTimeLast - below;
        throw Unknown(text);
    }

    private static int? Offset(string text, char sign) =>
        text.Length == 0 ? 0
        : text[0] == sign && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset <= RealTimeLast - RealTimeFirst ? offset
        : null;

    private static SuiteException Unknown(string text) => new(ErrorKind.InvalidArgument, $"kill: unknown signal \"{text}\"");
}
