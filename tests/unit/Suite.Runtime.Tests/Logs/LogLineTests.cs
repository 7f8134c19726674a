using System.Text;
using Suite.Runtime.Logs;

namespace Suite.Runtime.Tests.Logs;

public sealed class LogLineTests
{
    [Theory]
    [InlineData("2026-11-23T22:35:49.123456789Z stdout F hello", false, "hello\n")]
    [InlineData("2026-11-23T23:35:49.123456789+01:00 stderr F hello world", true, "hello world\n")]
    [InlineData("2026-11-23T22:35:49.123456789Z stdout P part", false, "part")]
    [InlineData("2026-11-23T22:35:49.123456789Z stdout F ", false, "\n")]
    [InlineData("2026-11-23T22:35:49.123456789Z stdout F  two", false, " two\n")]
    public void A_line_is_read_as_the_format_says(string line, bool isError, string text)
    {
        var entry = LogLine.Parse(Encoding.UTF8.GetBytes(line));
        Assert.NotNull(entry);
        Assert.Equal(1795473349123456789, entry.Value.Timestamp);
        Assert.Equal(isError, entry.Value.IsError);
        Assert.Equal(text, Encoding.UTF8.GetString(entry.Value.Text.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("a b c d")]
    [InlineData("2026-11-23T22:35:49.123456789Z stdout")]
    public void What_is_not_a_line_is_passed_over(string line) => Assert.Null(LogLine.Parse(Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData(0, new string[0])]
    [InlineData(1, new[] { "three\n" })]
    [InlineData(2, new[] { "two\n", "three\n" })]
    [InlineData(3, new[] { "one\n", "two\n", "three\n" })]
    [InlineData(9, new[] { "one\n", "two\n", "three\n" })]
    public async Task The_tail_is_the_last_lines(uint lines, string[] expected)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(path, ((string[])["one", "two", "three"]).Select(text => $"2026-11-23T22:35:49.1Z stdout F {text}"), TestContext.Current.CancellationToken);
            using var log = LogFile.Open(path)!;
            log.SeekToTail(lines);
            var read = await log.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal(expected, read.Select(line => Encoding.UTF8.GetString(line.Text.Span)));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
