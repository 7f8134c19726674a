namespace Suite.Cli.Syntax;

/// <summary>--filter of what removes many at once: label=NAME[=VALUE], all of which must fit, and until=TIME.</summary>
/// <param name="Until">Only what was made before, nanoseconds since the epoch; 0: all.</param>
internal sealed record PruneFilter(IReadOnlyList<string> Labels, long Until)
{
    public const string Description = "Only with this label, or made before until=TIME";

    public static PruneFilter Parse(string[]? texts, TimeProvider time)
    {
        var filters = Filters.Parse(texts, "label", "until");
        return new PruneFilter([.. filters.Of("label")], filters.Of("until").Select(until => SinceSyntax.Nanoseconds("--filter until", until, time)).LastOrDefault());
    }
}
