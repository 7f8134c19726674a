using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Suite.Registry.Administration;
using Suite.Registry.Measurements;

namespace Suite.Registry.Garbage;

/// <summary>Collects garbage and reads everything again, each at its own interval, without anybody asking.</summary>
internal sealed partial class Upkeep(
    GarbageCollection collection, StoreVerification verification, GarbageOptions options, RegistryMetrics metrics, TimeProvider time, ILogger<Upkeep> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync("collect garbage", options.Interval, CollectAsync, stoppingToken),
        RepeatAsync("scrub", options.ScrubInterval, ScrubAsync, stoppingToken));

    private async Task RepeatAsync(string what, TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        if (interval <= TimeSpan.Zero)
            return;
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await work(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A full or failing disk today; the next round may find it mended.
                Failed(e, what, e.Message);
            }
        }
    }

    private async Task CollectAsync(CancellationToken stoppingToken)
    {
        var (items, bytes) = (0L, 0L);
        await foreach (var item in collection.RunAsync(options.Grace, dryRun: false, stoppingToken).ConfigureAwait(false))
        {
            items++;
            bytes += item.Bytes;
        }

        if (items > 0)
            Collected(items, bytes);
    }

    private async Task ScrubAsync(CancellationToken stoppingToken)
    {
        await foreach (var problem in verification.RunAsync(options.ScrubBytesPerSecond, stoppingToken).ConfigureAwait(false))
        {
            metrics.Damaged();
            Damaged(problem.Digest.ToString(), problem.Repository, problem.Description);
        }
    }

    [LoggerMessage(LogLevel.Information, "Collected {Items} things that nothing needed, {Bytes} bytes")]
    private partial void Collected(long items, long bytes);

    [LoggerMessage(LogLevel.Error, "{Digest} of {Repository}: {Description}")]
    private partial void Damaged(string digest, string repository, string description);

    [LoggerMessage(LogLevel.Warning, "Cannot {What}: {Reason}")]
    private partial void Failed(Exception exception, string what, string reason);
}
