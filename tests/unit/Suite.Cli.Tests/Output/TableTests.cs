using Suite.Cli.Output;

namespace Suite.Cli.Tests.Output;

public sealed class TableTests
{
    [Fact]
    public void A_window_that_is_too_narrow_shortens_the_widest_column()
    {
        var table = new Table("ID", "COMMAND", "NAME");
        table.Add("0123456789ab", "a very long command with words", "web");
        var writer = new StringWriter();

        table.Write(writer, 40);

        Assert.Equal("ID            COMMAND               NAME\n0123456789ab  a very long command…  web\n", writer.ToString());
        Assert.All(writer.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 40));
    }

    [Theory]
    [InlineData(60, "ID            COMMAND              STATUS               NAME\n0123456789ab  a very long comman…  Up 3 days (healthy)  web\n")]
    [InlineData(50, "ID            COMMAND    STATUS               NAME\n0123456789ab  a very l…  Up 3 days (healthy)  web\n")]
    [InlineData(40, "ID            STATUS               NAME\n0123456789ab  Up 3 days (healthy)  web\n")]
    [InlineData(30, "ID            STATUS      NAME\n0123456789ab  Up 3 days…  web\n")]
    [InlineData(12, "ID         …\n0123456789a…\n")]
    public void What_can_be_done_without_goes_first_and_ids_stay_whole(int columns, string text)
    {
        var table = new Table("ID", "COMMAND", "STATUS", "NAME").Yielding("COMMAND");
        table.Add("0123456789ab", "a very long command with words", "Up 3 days (healthy)", "web");
        var writer = new StringWriter();

        table.Write(writer, columns);

        Assert.Equal(text, writer.ToString());
        Assert.All(writer.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, columns));
    }

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(999, "999B")]
    [InlineData(2_210_000, "2.21MB")]
    [InlineData(13_400_000_000, "13.4GB")]
    [InlineData(999_900, "1MB")]
    public void Sizes_have_three_digits(ulong bytes, string text) => Assert.Equal(text, Figures.Size(bytes));

    [Theory]
    [InlineData(0.2, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(100, "About a minute")]
    [InlineData(4000, "About an hour")]
    [InlineData(200_000, "2 days")]
    [InlineData(86400 * 800, "2 years")]
    public void Durations_are_told_as_people_do(double seconds, string text) => Assert.Equal(text, Figures.Duration(TimeSpan.FromSeconds(seconds)));
}
