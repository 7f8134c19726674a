using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Runs;

/// <summary>After a kill of this service: removes the containers of its builds once suite-runtime answers. It may start later than this service.</summary>
internal sealed partial class LeftContainers(RunContainers containers, TimeProvider time, ILogger<LeftContainers> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private IReadOnlyList<string> _left = [];

    /// <summary>Before the first call, as those that builds make from now on are theirs.</summary>
    public void Find() => _left = containers.Left();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var name in _left)
        {
            while (!await TryRemoveAsync(name, stoppingToken).ConfigureAwait(false)) await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(false);
            Removed(name);
        }
    }

    private async Task<bool> TryRemoveAsync(string name, CancellationToken stoppingToken)
    {
        try
        {
            await containers.RemoveAsync(name, stoppingToken).ConfigureAwait(false);
            return true;
        }
        catch (SuiteException)
        {
            return false; // not there yet, or it has its own to put right first
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed the container {Name} of a build that was cut off")]
    private partial void Removed(string name);
}
