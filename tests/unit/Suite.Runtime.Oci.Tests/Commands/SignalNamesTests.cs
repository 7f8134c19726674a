using Suite.Linux.Errors;
using Suite.Runtime.Oci.Commands;

namespace Suite.Runtime.Oci.Tests.Commands;

public sealed class SignalNamesTests
{
    [Theory]
    [InlineData("9", 9)]
    [InlineData("0", 0)]
    [InlineData("KILL", 9)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigusr1", 10)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("64", 64)]
    public void A_signal_has_a_number_and_names(string text, int number) => Assert.Equal(number, SignalNames.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("NONSENSE")]
    [InlineData("RTMIN+99")]
    [InlineData("RTMIN-1")]
    public void Anything_else_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<SuiteException>(() => SignalNames.Parse(text)).Kind);
}
