using System.Globalization;

namespace Suite.Cli.Output;

/// <summary>Sizes and times as people read them.</summary>
internal static class Figures
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];
    private static readonly string[] MemoryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Decimal units and three digits, as disks and registries count: 2.21MB.</summary>
    public static string Size(ulong bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
            value /= 1000;
        var format = unit == 0 || value >= 100 ? "F0" : value >= 10 ? "0.#" : "0.##";
        return value.ToString(format, CultureInfo.InvariantCulture) + Units[unit];
    }

    /// <summary>Binary units and four digits, as limits of memory are said: --memory 512m is 512MiB.</summary>
    public static string Memory(ulong bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 1024 && unit < MemoryUnits.Length - 1; unit++)
            value /= 1024;
        var format = unit == 0 || value >= 1000 ? "F0" : value >= 100 ? "0.#" : value >= 10 ? "0.##" : "0.###";
        return value.ToString(format, CultureInfo.InvariantCulture) + MemoryUnits[unit];
    }

    /// <summary>"5 seconds", "About a minute", "3 days".</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "Less than a second",
        { TotalSeconds: < 2 } => "1 second",
        { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} seconds",
        { TotalMinutes: < 2 } => "About a minute",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} minutes",
        { TotalHours: < 2 } => "About an hour",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} hours",
        { TotalDays: < 14 } => $"{(int)span.TotalDays} days",
        { TotalDays: < 60 } => $"{(int)span.TotalDays / 7} weeks",
        { TotalDays: < 730 } => $"{(int)span.TotalDays / 30} months",
        _ => $"{(int)span.TotalDays / 365} years",
    };

    public static string Ago(long nanoseconds, TimeProvider time) =>
        nanoseconds <= 0 ? "N/A" : $"{Duration(time.GetUtcNow() - Timestamps.FromNanoseconds(nanoseconds))} ago";

    /// <summary>Twelve digits of an id or digest: enough to be typed, and unique on one machine.</summary>
    public static string ShortId(string id)
    {
        var digits = id[(id.IndexOf(':') + 1)..];
        return digits.Length > 12 ? digits[..12] : digits;
    }
}
