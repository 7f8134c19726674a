using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Suite.Registry.Garbage;

/// <summary>Writes down what was pulled, once a minute and at the end.</summary>
internal sealed partial class PullUpkeep(Pulls pulls, TimeProvider time, ILogger<PullUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await WriteAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            await WriteAsync(stoppingToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await pulls.WriteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            // A full disk: they stay noted, and the next minute may find room.
            Failed(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Cannot write down what was pulled: {Reason}")]
    private partial void Failed(string reason);
}
