using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Suite.Registry.Blobs;

/// <summary>Every minute closes idle uploads and throws away those that expired, at start too.</summary>
internal sealed partial class UploadUpkeep(
    UploadSessions sessions, IBlobStore store, RegistryOptions options, TimeProvider time, ILogger<UploadUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                sessions.CloseIdle();
                var count = store.DeleteUploadsBefore(time.GetUtcNow() - options.UploadExpiry);
                if (count > 0)
                    Expired(count);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Stuck(e, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(LogLevel.Information, "Threw away {Count} abandoned uploads")]
    private partial void Expired(int count);

    [LoggerMessage(LogLevel.Warning, "Cannot look after the uploads: {Reason}")]
    private partial void Stuck(Exception exception, string reason);
}
