using System.Globalization;
using System.Text.RegularExpressions;

namespace Suite.Image.Builds.Variables;

/// <summary>Times as Go writes them: <c>1h5m0s</c>, <c>500ms</c>. In nanoseconds.</summary>
internal static partial class GoDuration
{
    private const long Second = 1_000_000_000;

    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text == "0") return true;
        if (!Whole().IsMatch(text)) return false;
        decimal sum = 0;
        foreach (Match part in Part().Matches(text))
            sum += decimal.Parse(part.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Unit(part.Groups[2].Value);
        if (sum > long.MaxValue) return false;
        nanoseconds = (long)sum;
        return true;
    }

    public static string Format(long nanoseconds)
    {
        if (nanoseconds == 0) return "0s";
        if (nanoseconds < Second) return FormattableString.Invariant($"{nanoseconds / 1_000_000m:0.######}ms");
        var seconds = FormattableString.Invariant($"{nanoseconds % (60 * Second) / (decimal)Second:0.#########}s");
        var minutes = nanoseconds / (60 * Second);
        return minutes == 0 ? seconds : minutes < 60 ? $"{minutes}m{seconds}" : $"{minutes / 60}h{minutes % 60}m{seconds}";
    }

    private static decimal Unit(string unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => Second,
        "m" => 60m * Second,
        _ => 3600m * Second,
    };

    [GeneratedRegex(@"^(?:\d{1,12}(?:\.\d{1,9})?(?:ns|us|µs|μs|ms|s|m|h))+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)")]
    private static partial Regex Part();
}
