using System.Text;
using Suite.Cli.Streams;
using Suite.Linux.Errors;

namespace Suite.Cli.Tests.Streams;

public sealed class DetachKeysTests
{
    [Theory]
    [InlineData(null, "\u0010\u0011", true, "")]
    [InlineData(null, "ls\u0010\u0011rest", true, "ls")]
    [InlineData(null, "\u0010x\u0011", false, "\u0010x\u0011")]
    [InlineData(null, "\u0010\u0010\u0011", true, "\u0010")]
    [InlineData("a,b", "aab", true, "a")]
    [InlineData("ctrl-x", "ab\u0018", true, "ab")]
    [InlineData("", "\u0010\u0011", false, "\u0010\u0011")]
    public void The_sequence_leaves_and_all_else_is_input(string? keys, string typed, bool leaves, string passed)
    {
        var went = new List<byte>();
        Assert.Equal(leaves, DetachKeys.Parse(keys).Take(Encoding.ASCII.GetBytes(typed), went));
        Assert.Equal(passed, Encoding.ASCII.GetString([.. went]));
    }

    [Fact]
    public void A_sequence_may_come_in_two_reads()
    {
        var (keys, went) = (DetachKeys.Parse(null), new List<byte>());
        Assert.False(keys.Take([0x10], went));
        Assert.Empty(went);
        Assert.True(keys.Take([0x11], went));
    }

    [Fact]
    public void What_is_no_key_is_named() => Assert.Contains("\"ctrl-\"", Assert.Throws<SuiteException>(() => DetachKeys.Parse("a,ctrl-")).Message);
}
