using Suite.Runtime.Processes;

namespace Suite.Runtime.Tests.Processes;

public sealed class CaughtSignalsTests
{
    [Theory]
    // Process 1 of its namespace without a handler for SIGTERM, and with one (bit 14).
    [InlineData("NSpid:\t812\t1\nSigCgt:\t0000000000000000\n", 15, true)]
    [InlineData("NSpid:\t812\t1\nSigCgt:\t0000000000004002\n", 15, false)]
    [InlineData("NSpid:\t812\t1\nSigCgt:\t0000000000004002\n", 3, true)]
    // One that has a process 1 above it gets every signal.
    [InlineData("NSpid:\t812\t7\nSigCgt:\t0000000000000000\n", 15, false)]
    [InlineData("NSpid:\t812\nSigCgt:\t0000000000000000\n", 15, false)]
    [InlineData("Name:\tx\n", 15, false)]
    public void A_signal_is_dropped_by_process_1_without_a_handler(string status, int signal, bool dropped) =>
        Assert.Equal(dropped, CaughtSignals.IsDropped(status, signal));
}
