using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;

namespace Suite.Network.Plugins;

/// <summary>What a plugin says when it fails: code, message and details (SPEC.md, section 5, error), or whatever it printed instead.</summary>
internal static class PluginFailure
{
    private const int LongestQuote = 400;
    private const int TryAgainLater = 11;
    private const int NotAvailable = 50;
    private const int LimitedConnectivity = 51;
    private const int LastOfSettings = 7; // 1 version, 2 field, 3 container, 4 environment, 5 I/O, 6 decode, 7 configuration

    public static SuiteException Of(string what, int exitCode, byte[] output, byte[] errors)
    {
        string printed = Encoding.UTF8.GetString(output);
        if (Parse(printed) is { } error)
        {
            string message = PluginList.Text(error, "msg"), details = PluginList.Text(error, "details");
            int code = error["code"] is JsonValue value && value.TryGetValue(out int number) ? number : 0;
            return new SuiteException(KindOf(code), $"{what}: {Quote(message)}{(details.Length > 0 ? $": {Quote(details)}" : "")} (code {code})");
        }

        string said = printed.Trim().Length > 0 ? printed : Encoding.UTF8.GetString(errors);
        return new SuiteException(ErrorKind.Unavailable, $"{what}: it ended with {exitCode}{(said.Trim().Length > 0 ? $" and printed: {Quote(said)}" : " and printed nothing")}");
    }

    /// <summary>One line, not too long, without what a terminal would obey.</summary>
    public static string Quote(string text)
    {
        string line = new([.. text.Trim().Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length <= LongestQuote ? line : line[..LongestQuote] + "…";
    }

    private static JsonObject? Parse(string printed)
    {
        try
        {
            return PluginList.ParseObject(printed) is var error && error.ContainsKey("msg") ? error : null;
        }
        catch (SuiteException)
        {
            return null;
        }
    }

    private static ErrorKind KindOf(int code) => code switch
    {
        TryAgainLater or NotAvailable or LimitedConnectivity => ErrorKind.Unavailable,
        > 0 and <= LastOfSettings => ErrorKind.FailedPrecondition,
        _ => ErrorKind.Unavailable,
    };
}
