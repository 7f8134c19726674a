using System.Text;
using Suite.Runtime.Exec.Inits;

namespace Suite.Runtime.Exec.Tests.Inits;

public sealed class InitReportTests
{
    // A report that did not fit was read as the end of the socket: the start that failed was told as one that went well.
    [Fact]
    public void A_long_report_fits_and_keeps_both_ends()
    {
        var text = InitReport.Shorten("mount the root: " + new string('é', 20_000) + ": no such device");
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1000, InitReport.MaxSize - 16);
        Assert.StartsWith("mount the root: ", text, StringComparison.Ordinal);
        Assert.EndsWith(": no such device", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_report_stays_as_it_is() => Assert.Equal("join: denied", InitReport.Shorten("join: denied"));
}
