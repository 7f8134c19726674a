using System.Globalization;
using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Tests.Handles;

public sealed class ReadinessTests
{
    [Fact]
    public async Task A_hang_up_that_nobody_waits_for_takes_no_processor_time()
    {
        using var waiter = Readiness.Register(ReadEndOfAClosedPipe());
        var before = TicksOfThread();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        // Told again and again it would be about 30 ticks of a hundredth of a second.
        Assert.InRange(TicksOfThread() - before, 0, 10);
    }

    [Fact]
    public async Task A_hang_up_that_came_before_is_told_to_who_waits()
    {
        using var waiter = Readiness.Register(ReadEndOfAClosedPipe());
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.True(await waiter.WaitAsync(Readiness.Readable, TestContext.Current.CancellationToken));
    }

    // Left open: what is closed while others register theirs may be theirs. The process ends soon.
    private static unsafe int ReadEndOfAClosedPipe()
    {
        var ends = stackalloc int[2];
        Assert.Equal(0, pipe2(ends, O_CLOEXEC | O_NONBLOCK));
        Descriptor.Close(ends[1]);
        return ends[0];
    }

    private static long TicksOfThread()
    {
        var thread = Directory.EnumerateDirectories("/proc/self/task").Single(task => File.ReadAllText(Path.Combine(task, "comm")) == "descriptor read\n");
        var fields = File.ReadAllText(Path.Combine(thread, "stat")).Split(") ")[1].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
