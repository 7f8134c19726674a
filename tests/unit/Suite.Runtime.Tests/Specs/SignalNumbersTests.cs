using Suite.Linux.Errors;
using Suite.Runtime.Mapping;
using Suite.Runtime.Specs;
using Cri = Runtime.V1;

namespace Suite.Runtime.Tests.Specs;

public sealed class SignalNumbersTests
{
    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("kill", 9)]
    [InlineData("15", 15)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("SIGIOT", 6)]
    public void A_signal_is_known_by_name_and_number(string text, int number) => Assert.Equal(number, SignalNumbers.Parse(text, "signal"));

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("SIGFOO")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("RTMIN+31")]
    public void Anything_else_names_the_field(string text)
    {
        var failure = Assert.Throws<SuiteException>(() => SignalNumbers.Parse(text, "stop_signal"));
        Assert.StartsWith("stop_signal:", failure.Message);
    }

    [Fact]
    public void Every_signal_of_the_contract_has_the_number_its_name_says()
    {
        foreach (var signal in Enum.GetValues<Cri.Signal>().Where(signal => signal != 0))
        {
            var name = signal.ToString().ToUpperInvariant().Replace("PLUS", "+").Replace("MINUS", "-");
            Assert.Equal(SignalNumbers.Parse(name, name), signal.ToNumber());
        }
    }

    [Fact]
    public void A_number_finds_its_way_back()
    {
        foreach (var number in Enumerable.Range(1, 64).Except([32, 33]))
            Assert.Equal(number, SignalMapping.ToSignal(number).ToNumber());
    }
}
