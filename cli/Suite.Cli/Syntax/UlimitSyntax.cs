using System.Globalization;
using Suite.Container.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Syntax;

/// <summary>--ulimit NAME=SOFT[:HARD]; -1 is no limit.</summary>
internal static class UlimitSyntax
{
    public static Ulimit Parse(string text)
    {
        var parts = text.Split('=');
        var limits = parts.Length == 2 ? parts[1].Split(':') : [];
        if (limits.Length is 1 or 2 && Number(limits[0]) is { } soft && Number(limits[^1]) is { } hard)
            return new Ulimit { Name = parts[0], Soft = soft, Hard = hard };
        throw new SuiteException(ErrorKind.InvalidArgument, $"cannot use --ulimit \"{text}\": write NAME=SOFT[:HARD], for example nofile=1024:2048");
    }

    private static long? Number(string text) =>
        text == "unlimited" ? -1 : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= -1 ? number : null;
}
