namespace Suite.Hosting.Audit;

/// <summary>Which calls change something and so belong in the audit log, by the words that contracts use for those that do not.</summary>
internal static class AuditRule
{
    private static readonly string[] ReadingStarts =
        ["Get", "List", "Inspect", "Watch", "Check", "Describe", "Read", "Find", "Search", "Stat", "Stream", "Verify", "Version", "Wait", "RuntimeConfig"];

    private static readonly string[] ReadingEnds = ["Status", "Stats", "Info", "Logs", "Events"];

    /// <param name="method">A gRPC path, /package.Service/Method.</param>
    public static bool Changes(string method)
    {
        var name = method[(method.LastIndexOf('/') + 1)..];
        return !ReadingStarts.Any(start => name.StartsWith(start, StringComparison.Ordinal))
            && !ReadingEnds.Any(end => name.EndsWith(end, StringComparison.Ordinal));
    }
}
