using System.Globalization;
using Suite.Cli.Output;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>A moment: RFC 3339, seconds since the epoch, or how long ago ("10m", "1h30m").</summary>
internal static class SinceSyntax
{
    public static long Nanoseconds(string option, string text, TimeProvider time)
    {
        try
        {
            if (Ago(text) is { } span)
                return Timestamps.ToNanoseconds(time.GetUtcNow() - span);
            if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
                return (long)(seconds * 1_000_000_000);
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment))
                return Timestamps.ToNanoseconds(moment);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            // A moment too far away for the contract's nanoseconds, which reach from 1677 to 2262.
        }

        throw new SuiteException(
            ErrorKind.InvalidArgument, $"cannot use {option} \"{text}\": write a time as 2026-01-31T12:00:00Z, or how long ago as 10m");
    }

    private static TimeSpan? Ago(string text)
    {
        var span = TimeSpan.Zero;
        var digits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
                continue;
            if (i == digits || !int.TryParse(text.AsSpan(digits, i - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
                return null;
            switch (text[i])
            {
                case 's': span += TimeSpan.FromSeconds(amount); break;
                case 'm': span += TimeSpan.FromMinutes(amount); break;
                case 'h': span += TimeSpan.FromHours(amount); break;
                case 'd': span += TimeSpan.FromDays(amount); break;
                default: return null;
            }

            digits = i + 1;
        }

        return digits > 0 && digits == text.Length ? span : null;
    }
}
