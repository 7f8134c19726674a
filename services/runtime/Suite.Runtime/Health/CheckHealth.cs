using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Hosting;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Journals;
using Suite.Runtime.Store;

namespace Suite.Runtime.Health;

/// <summary>
/// Runs the health checks of containers that have one. Failures count after the start period only; so many in a row are
/// unhealthy, and one success is healthy, as Docker has it.
/// </summary>
internal sealed class CheckHealth(Inventory inventory, ExecSync exec, Journal journal, TimeProvider time) : BackgroundService
{
    private readonly ConcurrentDictionary<string, string> _words = new();
    private readonly ConcurrentDictionary<string, long> _watched = new();
    private readonly ConcurrentDictionary<string, HealthHistory> _histories = new();

    /// <summary>"starting", "healthy" or "unhealthy"; empty: no check, or not running.</summary>
    public string Of(ContainerRecord container) => container is { State: ContainerState.Running, Solo.Health: not null }
        ? _words.GetValueOrDefault(container.Id, HealthWords.Starting)
        : "";

    /// <summary>The last runs of its check, the newest last, and how many in a row have failed.</summary>
    public HealthHistory HistoryOf(ContainerRecord container) => _histories.GetValueOrDefault(container.Id, HealthHistory.None);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Those that run already, as after a restart of the service, and each one that starts.
        await foreach (var happening in journal.ListenAsync(0, () => WatchAll(stoppingToken), stoppingToken).ConfigureAwait(false))
        {
            if (happening.Action == Actions.Start)
                Watch(happening.Id, stoppingToken);
        }
    }

    private void WatchAll(CancellationToken stoppingToken)
    {
        foreach (var container in inventory.Containers.Where(container => container.State == ContainerState.Running))
            Watch(container.Id, stoppingToken);
    }

    private void Watch(string containerId, CancellationToken stoppingToken)
    {
        if (inventory.TryGetContainer(containerId, out var container) && container is { State: ContainerState.Running or ContainerState.Starting, Solo.Health: { } check })
            _ = WatchAsync(container, check, stoppingToken);
    }

    private async Task WatchAsync(ContainerRecord container, HealthCheck check, CancellationToken stoppingToken)
    {
        // One watch for one run of the container.
        if (_watched.TryGetValue(container.Id, out var before) && before == container.StartedAt)
            return;
        _watched[container.Id] = container.StartedAt;
        _words[container.Id] = HealthWords.Starting;
        _histories.TryRemove(container.Id, out _);
        var began = time.GetTimestamp();
        var failures = 0u;
        try
        {
            while (true)
            {
                await Task.Delay(IsStarting(container, check, began) ? check.StartInterval : check.Interval, time, stoppingToken).ConfigureAwait(false);
                if (!inventory.TryGetContainer(container.Id, out var now) || !now.State.MayHaveProcess() || now.StartedAt != container.StartedAt)
                    break;
                if (now.Paused)
                    continue;
                var probe = await ProbeAsync(now, check, stoppingToken).ConfigureAwait(false);
                var well = probe.ExitCode == 0;
                failures = well || time.GetElapsedTime(began) < check.StartPeriod ? 0 : failures + 1;
                _histories[container.Id] = HistoryOf(now).With(probe, failures);
                if (well)
                    Tell(now, HealthWords.Healthy);
                else if (failures >= check.Retries)
                    Tell(now, HealthWords.Unhealthy);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        if (_watched.TryRemove(new(container.Id, container.StartedAt)))
        {
            _words.TryRemove(container.Id, out _);
            _histories.TryRemove(container.Id, out _);
        }
    }

    // A record of before there was such an interval has none.
    private bool IsStarting(ContainerRecord container, HealthCheck check, long began) =>
        check.StartInterval > TimeSpan.Zero && time.GetElapsedTime(began) < check.StartPeriod && _words.GetValueOrDefault(container.Id) == HealthWords.Starting;

    private async Task<HealthProbe> ProbeAsync(ContainerRecord container, HealthCheck check, CancellationToken stoppingToken)
    {
        var began = time.NowNanoseconds();
        try
        {
            var outcome = await exec.RunAsync(container, check.Test, check.Timeout, stoppingToken).ConfigureAwait(false);
            return new HealthProbe(began, time.NowNanoseconds(), outcome.ExitCode, (byte[])[.. outcome.Output.Span, .. outcome.Error.Span]);
        }
        catch (SuiteException failure)
        {
            // Too slow, or not to be run: not well.
            return new HealthProbe(began, time.NowNanoseconds(), -1, Encoding.UTF8.GetBytes(failure.Message));
        }
    }

    private void Tell(ContainerRecord container, string word)
    {
        if (_words.GetValueOrDefault(container.Id) == word)
            return;
        _words[container.Id] = word;
        journal.Record(container, Actions.HealthStatus + word);
    }
}
