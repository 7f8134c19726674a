using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Runtime.Specs;

/// <summary>Signals by name (signal(7), the numbers of x86-64 and arm64).</summary>
internal static class SignalNumbers
{
    public const int Kill = 9;
    public const int Term = 15;

    /// <summary>The first that programs may use: the two below it belong to the C library's threads.</summary>
    private const int RealTimeMin = 34;
    private const int RealTimeMax = 64;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    private static readonly Dictionary<string, int> Aliases = new() { ["CLD"] = 17, ["IOT"] = 6, ["POLL"] = 29 };

    /// <param name="text">"SIGTERM", "term", "RTMIN+3" or "15".</param>
    /// <param name="field">What the caller wrote it in, for the error.</param>
    public static int Parse(string text, string field)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number is > 0 and <= RealTimeMax ? number : throw Unknown(text, field);
        var name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];
        var place = name.Length == 0 ? -1 : Array.IndexOf(Names, name);
        if (place > 0)
            return place;
        if (Aliases.TryGetValue(name, out var alias))
            return alias;
        return RealTime(name) ?? throw Unknown(text, field);
    }

    private static int? RealTime(string name)
    {
        var number = name switch
        {
            "RTMIN" => RealTimeMin,
            "RTMAX" => RealTimeMax,
            _ when name.StartsWith("RTMIN+", StringComparison.Ordinal) && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var above) => RealTimeMin + above,
            _ when name.StartsWith("RTMAX-", StringComparison.Ordinal) && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var below) => RealTimeMax - below,
            _ => 0,
        };
        return number is >= RealTimeMin and <= RealTimeMax ? number : null;
    }

    private static SuiteException Unknown(string text, string field) =>
        new(ErrorKind.InvalidArgument, $"{field}: no signal is called {text}");
}
