using System.Globalization;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Variables;

namespace Suite.Image.Builds.Instructions;

/// <summary>HEALTHCHECK, read. Times in nanoseconds; 0: not said.</summary>
internal sealed record Healthcheck(IReadOnlyList<string> Test, long Interval, long Timeout, long StartPeriod, long StartInterval, int Retries)
{
    /// <summary>As Go prints such a struct: what BuildKit writes into an image's history.</summary>
    public override string ToString() =>
        $"{{Test:[{string.Join(' ', Test)}] Interval:{GoDuration.Format(Interval)} Timeout:{GoDuration.Format(Timeout)} StartPeriod:{GoDuration.Format(StartPeriod)} StartInterval:{GoDuration.Format(StartInterval)} Retries:{Retries}}}";

    public static Healthcheck Read(Instruction i)
    {
        var type = i.Arguments.Split([' ', '\t'], 2)[0];
        var rest = i.Arguments[type.Length..].TrimStart();
        if (type.Equals("NONE", StringComparison.OrdinalIgnoreCase))
            return rest.Length == 0 && i.Flags.Count == 0 ? new Healthcheck(["NONE"], 0, 0, 0, 0, 0) : throw i.Wrong("NONE takes no arguments");
        if (!type.Equals("CMD", StringComparison.OrdinalIgnoreCase)) throw i.Wrong($"has '{type}', where it takes CMD or NONE");
        if (rest.Length == 0) throw i.Wrong("CMD needs a command");
        var retries = i.Flag("retries") is not { } said ? 0
            : int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw i.Wrong($"has --retries={said}, which is no number");
        IReadOnlyList<string> test = JsonWords.Read(rest) is { } words ? ["CMD", .. words] : ["CMD-SHELL", rest];
        return new Healthcheck(test, Time(i, "interval"), Time(i, "timeout"), Time(i, "start-period"), Time(i, "start-interval"), retries);
    }

    private static long Time(Instruction i, string flag)
    {
        if (i.Flag(flag) is not { } text) return 0;
        if (!GoDuration.TryParse(text, out var nanoseconds)) throw i.Wrong($"has --{flag}={text}, which is no time such as 30s or 1m30s");
        return nanoseconds is 0 or >= 1_000_000 ? nanoseconds : throw i.Wrong($"has --{flag}={text}, and a millisecond is the least");
    }
}
