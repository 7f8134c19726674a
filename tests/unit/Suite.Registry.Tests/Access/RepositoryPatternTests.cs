using Suite.Registry.Access;

namespace Suite.Registry.Tests.Access;

public sealed class RepositoryPatternTests
{
    [Theory]
    [InlineData("**", "a/b/c", true)]
    [InlineData("*", "app", true)]
    [InlineData("*", "team/app", false)]
    [InlineData("team/*", "team/app", true)]
    [InlineData("team/*", "team/app/part", false)]
    [InlineData("team/**", "team/app/part", true)]
    [InlineData("team/**", "team", false)]
    [InlineData("*/app", "team/app", true)]
    [InlineData("*/app", "a/b/app", false)]
    [InlineData("**/app", "a/b/app", true)]
    [InlineData("t*m/app", "team/app", true)]
    [InlineData("app", "apple", false)]
    [InlineData("", "app", false)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-b-b", false)]
    public void A_pattern_means_what_it_says(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new RepositoryPattern(pattern).Matches(name));
}
