using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>Amounts of memory and of CPUs.</summary>
internal static class QuantitySyntax
{
    /// <summary>"512m", "1.5g", "65536": bytes, in steps of 1024 as Docker counts memory.</summary>
    public static long Bytes(string option, string text)
    {
        var lower = text.ToLowerInvariant();
        var digits = lower.TrimEnd('i', 'b').TrimEnd('k', 'm', 'g', 't');
        long unit = lower[digits.Length..].TrimEnd('b').TrimEnd('i') switch
        {
            "" => 1,
            "k" => 1L << 10,
            "m" => 1L << 20,
            "g" => 1L << 30,
            "t" => 1L << 40,
            _ => 0,
        };
        return unit > 0 && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount is >= 0 and < 1_000_000_000_000_000 && amount * unit < long.MaxValue
            ? (long)(amount * unit)
            : throw new SuiteException(
                ErrorKind.InvalidArgument, $"cannot use {option} \"{text}\": it is not an amount of memory; write for example 512m or 2g");
    }

    /// <summary>As <see cref="Bytes"/>, or -1 for no limit.</summary>
    public static long BytesOrNone(string option, string text) => text == "-1" ? -1 : Bytes(option, text);

    /// <summary>"1m30s", "500ms": nanoseconds.</summary>
    public static long Nanoseconds(string option, string text)
    {
        var (total, position) = (0m, 0);
        while (position < text.Length)
        {
            var digits = position;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
                digits++;
            var letters = digits;
            while (letters < text.Length && char.IsAsciiLetter(text[letters]))
                letters++;
            long unit = text[digits..letters] switch { "ns" => 1, "us" => 1_000, "ms" => 1_000_000, "s" => 1_000_000_000, "m" => 60_000_000_000, "h" => 3_600_000_000_000, _ => 0 };
            if (unit == 0 || letters == position || !decimal.TryParse(text.AsSpan(position, digits - position), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
                throw Wrong();
            total += amount * unit;
            position = letters;
        }

        return text.Length > 0 && total < long.MaxValue ? (long)total : throw Wrong();

        SuiteException Wrong() => new(ErrorKind.InvalidArgument, $"cannot use {option} \"{text}\": it is not a span of time; write for example 30s or 1m30s");
    }

    /// <summary>"0.5" CPUs in billionths.</summary>
    public static long NanoCpus(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cpus) && cpus is > 0 and < 100_000
            ? (long)(cpus * 1_000_000_000)
            : throw new SuiteException(
                ErrorKind.InvalidArgument, $"cannot use --cpus \"{text}\": it is not a number of CPUs; write for example 0.5 or 2");

    public static uint Seconds(string option, string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use {option} \"{text}\": it is not a number of seconds");

    public static long Count(string option, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use {option} \"{text}\": it is not a number");
}
