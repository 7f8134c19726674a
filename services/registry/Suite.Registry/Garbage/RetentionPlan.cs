using Suite.Registry.Access;
using Suite.Registry.Catalog;

namespace Suite.Registry.Garbage;

/// <summary>Decides by the rules which tags of a repository go. Pure: time and tags are given.</summary>
internal sealed class RetentionPlan
{
    private readonly IReadOnlyList<(IReadOnlyList<RepositoryPattern> Repositories, IReadOnlyList<RepositoryPattern> Tags, RetentionRule Rule)> _rules;

    public RetentionPlan(IEnumerable<RetentionRule> rules)
    {
        _rules = [.. rules.Select(rule => (Compile(rule.Repositories), Compile(rule.KeepTags), rule))];
    }

    public bool KeepsUntagged(string repository) => Find(repository)?.Rule.KeepUntagged ?? true;

    public IReadOnlyList<TagEntry> Expired(string repository, IReadOnlyList<TagEntry> tags, DateTimeOffset now)
    {
        if (Find(repository) is not var (keepTags, rule) || (keepTags.Count == 0 && rule is { KeepNewest: null, KeepPushedWithin: null, KeepPulledWithin: null }))
            return [];
        var newest = tags.OrderByDescending(tag => tag.UpdatedAt).ThenBy(tag => tag.Name, StringComparer.Ordinal).Take(rule.KeepNewest ?? 0).Select(tag => tag.Name).ToHashSet();
        var (pushed, pulled) = (Since(rule.KeepPushedWithin, now), Since(rule.KeepPulledWithin, now));
        return [.. tags.Where(tag =>
            !newest.Contains(tag.Name) && tag.UpdatedAt < pushed && Math.Max(tag.UpdatedAt, tag.PulledAt) < pulled
            && !keepTags.Any(pattern => pattern.Matches(tag.Name)))];
    }

    private static long Since(TimeSpan? within, DateTimeOffset now) => within is { } time ? (now - time).ToUnixNanoseconds() : long.MaxValue;

    private (IReadOnlyList<RepositoryPattern> Tags, RetentionRule Rule)? Find(string repository)
    {
        foreach (var (repositories, tags, rule) in _rules)
        {
            if (repositories.Any(pattern => pattern.Matches(repository)))
                return (tags, rule);
        }

        return null;
    }

    private static IReadOnlyList<RepositoryPattern> Compile(IEnumerable<string> patterns) => [.. patterns.Select(pattern => new RepositoryPattern(pattern))];
}
