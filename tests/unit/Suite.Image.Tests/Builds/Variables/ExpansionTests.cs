using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Variables;
using Suite.Linux.Errors;

namespace Suite.Image.Tests.Builds.Variables;

public sealed class ExpansionTests
{
    [Theory]
    [InlineData("$a", "1")]
    [InlineData("${a}b", "1b")]
    [InlineData("x$a/y", "x1/y")]
    [InlineData("\\$a", "$a")]
    [InlineData("'$a'", "$a")]
    [InlineData("\"$a b\"", "1 b")]
    [InlineData("\"a\\b \\\" \\$a\"", "a\\b \" $a")]
    [InlineData("a\\b", "ab")]
    [InlineData("$none$", "$")]
    [InlineData("$1x", "x")]
    [InlineData("${none:-d}", "d")]
    [InlineData("${empty:-d}", "d")]
    [InlineData("${empty-d}", "")]
    [InlineData("${none-d}", "d")]
    [InlineData("${a:+set}", "set")]
    [InlineData("${empty:+set}", "")]
    [InlineData("${empty+set}", "set")]
    [InlineData("${none+set}", "")]
    [InlineData("${none:-$a}", "1")]
    [InlineData("${none:-${none:-x${a}y}}", "x1y")]
    [InlineData("${a:?must}", "1")]
    [InlineData("${empty?must}", "")]
    [InlineData("${path#*/}", "b/c.tar.gz")]
    [InlineData("${path##*/}", "c.tar.gz")]
    [InlineData("${path%.*}", "a/b/c.tar")]
    [InlineData("${path%%.*}", "a/b/c")]
    [InlineData("${path#x}", "a/b/c.tar.gz")]
    [InlineData("${path/\\//-}", "a-b/c.tar.gz")]
    [InlineData("${path//\\//-}", "a-b-c.tar.gz")]
    [InlineData("${path//?/x}", "xxxxxxxxxxxx")]
    [InlineData("${path/.tar*/}", "a/b/c")]
    [InlineData("${none#*/}", "")]
    public void Variables_are_put_in(string word, string expected) => Assert.Equal(expected, Of(word));

    [Theory]
    [InlineData("${a", "not closed")]
    [InlineData("${}", "without a name")]
    [InlineData("${none:?is needed}", "is needed")]
    [InlineData("${none?}", "none")]
    [InlineData("${a:x}", "not known")]
    [InlineData("${a^}", "not known")]
    [InlineData("'a", "quote")]
    [InlineData("\"a", "quote")]
    public void What_is_no_substitution_is_refused(string word, string says)
    {
        var error = Assert.ThrowsAny<SuiteException>(() => Of(word));
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_here_document_quotes_stay() => Assert.Equal("it's \"1\" $a \\n\n", new Expansion(Value).OfText(At, "it's \"$a\" \\$a \\n\n"));

    [Fact]
    public void Values_that_grow_without_end_are_stopped()
    {
        var long1 = new string('x', 600_000);
        Assert.ThrowsAny<SuiteException>(() => new Expansion(_ => long1).Of(At, "$a$a"));
    }

    [Theory]
    [InlineData("1h5m", "1h5m0s", 3_900_000_000_000)]
    [InlineData("90s", "1m30s", 90_000_000_000)]
    [InlineData("500ms", "500ms", 500_000_000)]
    [InlineData("1.5s", "1.5s", 1_500_000_000)]
    [InlineData("0", "0s", 0)]
    public void Times_are_those_of_go(string text, string formatted, long nanoseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var parsed));
        Assert.Equal((nanoseconds, formatted), (parsed, GoDuration.Format(parsed)));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1x")]
    public void What_is_no_time_is_none(string text) => Assert.False(GoDuration.TryParse(text, out _));

    private static Instruction At { get; } = new(1, 1, "ENV", [], "", "");

    private static string? Value(string name) => name switch { "a" => "1", "empty" => "", "path" => "a/b/c.tar.gz", _ => null };

    private static string Of(string word) => new Expansion(Value).Of(At, word);
}
