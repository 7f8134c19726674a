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
    [InlineData("spec.pid_mode: x is none of private, host", "cannot use --pid: x is none of private, host")]
    [InlineData("spec.mounts[0].source: a/b is not a name", "cannot use --volume: a/b is not a name")]
    [InlineData("pod.sysctls[kernel.x]: kernel.x is a setting of the host", "cannot use --sysctl: kernel.x is a setting of the host")]
    [InlineData("signal: no signal is called BOGUS", "cannot use --signal: no signal is called BOGUS")]
    [InlineData("name: x is taken", "name: x is taken")]
    [InlineData("there is no such thing: nothing", "there is no such thing: nothing")]
    public void A_field_of_a_message_is_told_as_the_option_that_a_person_typed(string sentence, string told) => Assert.Equal(told, OptionNames.InPlaceOfField(sentence));

    [Theory]
    [InlineData(60, "ID            COMMAND             PORTS                 NAME\n0123456789ab  a very long comma…  0.0.0.0:8080->80/tcp  web\n")]
    [InlineData(45, "ID            PORTS                 NAME\n0123456789ab  0.0.0.0:8080->80/tcp  web\n")]
    [InlineData(30, "ID            NAME\n0123456789ab  web\n")]
    public void Ports_are_whole_or_of_no_use(int columns, string text)
    {
        var table = new Table("ID", "COMMAND", "PORTS", "NAME").Yielding("COMMAND", "PORTS");
        table.Add("0123456789ab", "a very long command with words", "0.0.0.0:8080->80/tcp", "web");
        var writer = new StringWriter();

        table.Write(writer, columns);

        Assert.Equal(text, writer.ToString());
    }

    [Fact]
    public void A_column_that_is_empty_makes_room_for_others()
    {
        var table = new Table("ID", "COMMAND", "PORTS", "NAME").Yielding("PORTS", "COMMAND");
        table.Add("0123456789ab", "sleep 1000", "", "web");
        var (narrow, wide) = (new StringWriter(), new StringWriter());

        table.Write(narrow, 32);
        table.Write(wide, 80);

        Assert.Equal("ID             COMMAND      NAME\n0123456789ab   sleep 1000   web\n", narrow.ToString());
        Assert.Equal("ID             COMMAND      PORTS   NAME\n0123456789ab   sleep 1000           web\n", wide.ToString());
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
