using Suite.Oci.References;
using Suite.Registry.Catalog;
using Suite.Registry.Garbage;

namespace Suite.Registry.Tests.Garbage;

public sealed class RetentionPlanTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 11, 0, 0, 0, TimeSpan.Zero);

    // v1 is ten days old, v10 one day; v4 and v8 were pulled yesterday.
    private static readonly TagEntry[] Tags =
    [
        .. Enumerable.Range(1, 10).Select(i => new TagEntry($"v{i}", Digest.Compute([(byte)i]), "", 0, Now.AddDays(i - 11).ToUnixNanoseconds(), i % 4 == 0 ? Now.AddDays(-1).ToUnixNanoseconds() : 0)),
    ];

    private static string Expired(params RetentionRule[] rules) =>
        string.Join(' ', new RetentionPlan(rules).Expired("team/app", Tags, Now).Select(tag => tag.Name));

    [Fact]
    public void Without_a_rule_that_fits_everything_stays()
    {
        Assert.Equal("", Expired());
        Assert.Equal("", Expired(new RetentionRule { Repositories = ["other"], KeepNewest = 0 }));
        Assert.Equal("", Expired(new RetentionRule { KeepUntagged = false }));
        Assert.True(new RetentionPlan([]).KeepsUntagged("app"));
    }

    [Fact]
    public void A_tag_stays_when_any_condition_keeps_it()
    {
        Assert.Equal("v1 v2 v3 v4 v5 v6 v7", Expired(new RetentionRule { KeepNewest = 3 }));
        Assert.Equal("v1 v2 v3 v4 v5", Expired(new RetentionRule { KeepPushedWithin = TimeSpan.FromDays(5) }));
        Assert.Equal("v2 v3 v4 v5 v6 v7 v8 v9", Expired(new RetentionRule { KeepTags = ["v1*"] }));
        Assert.Equal("v2 v3 v4 v5 v6 v7", Expired(new RetentionRule { KeepTags = ["v1*"], KeepNewest = 3, KeepPushedWithin = TimeSpan.FromDays(1) }));
        Assert.Equal("v1 v2 v3 v4 v5 v6 v7 v8 v9 v10", Expired(new RetentionRule { KeepNewest = 0 }));
    }

    [Fact]
    public void A_pull_keeps_a_tag_and_a_push_counts_as_one()
    {
        Assert.Equal("v1 v2 v3 v5 v6", Expired(new RetentionRule { KeepPulledWithin = TimeSpan.FromDays(4) }));
        Assert.Equal("v1 v2", Expired(new RetentionRule { KeepPulledWithin = TimeSpan.FromDays(4), KeepPushedWithin = TimeSpan.FromDays(8) }));
    }

    [Fact]
    public void The_first_rule_that_fits_counts() =>
        Assert.Equal("v1 v2 v3 v4 v5 v6 v7 v8 v9", Expired(
            new RetentionRule { Repositories = ["team/*"], KeepNewest = 1 }, new RetentionRule { Repositories = ["**"], KeepTags = ["*"] }));
}
