using Microsoft.Extensions.Hosting;

namespace Suite.Hosting.Memory;

/// <summary>
/// Gives memory back once the work is done. The collector runs when something is allocated, so a service that has become idle
/// would keep what its busiest moment left behind, for as long as nobody calls.
/// </summary>
internal sealed class IdleTrim(TimeProvider time) : BackgroundService
{
    private const long Quiet = 512 << 10;
    private const long WorthTheWork = 4 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        long before = 0, trimmed = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - before < Quiet && allocated - trimmed > WorthTheWork)
            {
                MemoryTrim.Run();
                trimmed = allocated;
            }

            before = allocated;
        }
    }
}
