using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Solo;
using Suite.Runtime.Store;

namespace Suite.Runtime.Restarts;

/// <summary>Starts containers again as their restart policies say: after their end, and after a start of this service.</summary>
internal sealed partial class RestartContainers(Inventory inventory, StartSolo start, TimeProvider time, ILogger<RestartContainers> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _pending = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Whether a container that does not run will be started again by itself.</summary>
    public bool IsPending(string containerId) => _pending.ContainsKey(containerId);

    /// <summary>A container has ended, and what it held is given back.</summary>
    public void AfterEnd(ContainerRecord ended)
    {
        if (!inventory.TryGetContainer(ended.Id, out var container) || container is not { State: ContainerState.Exited, Solo.Restart: { } policy })
            return;
        var ran = TimeSpan.FromTicks(Math.Max(0, container.FinishedAt - container.StartedAt) / 100);
        if (container.StartedAt > 0 && ran >= RestartPolicy.GoodRun)
            container = inventory.UpdateContainer(container.Id, current => current with { RestartCount = 0 }) ?? container;
        // One that could not be started at all was told to whoever started it.
        if (container.Reason != ExitReasons.StartError && policy.AppliesAfter(container.ExitCode, container.StoppedOnPurpose, container.RestartCount))
            Schedule(container, RestartPolicy.PauseAfter(container.RestartCount));
    }

    /// <summary>A person stops, starts or removes it: what was planned is off.</summary>
    public void Forget(string containerId)
    {
        if (!_pending.TryRemove(containerId, out var pending))
            return;
        pending.Cancel();
        pending.Dispose();
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        stoppingToken.Register(_stopping.Cancel);
        foreach (var container in inventory.Containers)
        {
            if (container is { State: ContainerState.Exited, Solo.Restart: { } policy }
                && policy.AppliesAtStart(container.ExitCode, container.StoppedOnPurpose, container.RestartCount))
                Schedule(container, TimeSpan.Zero);
        }
        return Task.CompletedTask;
    }

    private void Schedule(ContainerRecord container, TimeSpan pause)
    {
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        if (_pending.TryAdd(container.Id, cancellation))
            _ = StartAsync(container, pause, cancellation);
    }

    private async Task StartAsync(ContainerRecord container, TimeSpan pause, CancellationTokenSource cancellation)
    {
        var token = cancellation.Token;
        var failed = false;
        try
        {
            await Task.Delay(pause, time, token).ConfigureAwait(false);
            await start.StartAsync(container.Id, again: true, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Off: stopped or removed meanwhile, or the service ends.
        }
        catch (Exception failure) when (failure is SuiteException or IOException)
        {
            failed = true;
            CouldNotRestart(container.Name, failure.Message);
        }
        finally
        {
            if (_pending.TryRemove(new(container.Id, cancellation)))
                cancellation.Dispose();
        }
        if (_stopping.IsCancellationRequested || !inventory.TryGetContainer(container.Id, out var now) || now is not { State: ContainerState.Exited, Solo.Restart: { } policy })
            return;
        // What it needs may be back later: a network, the image service. And a quick one has ended while it was still planned.
        if (!failed)
            AfterEnd(now);
        else if (policy.AppliesAfter(now.ExitCode, now.StoppedOnPurpose, now.RestartCount))
            Schedule(now, RestartPolicy.PauseAfter(now.RestartCount));
    }

    [LoggerMessage(LogLevel.Warning, "{Name} could not be started again: {Reason}")]
    private partial void CouldNotRestart(string name, string reason);
}
