using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Network.Attachments;
using Suite.Network.Networks;
using Suite.Network.Plugins;

namespace Suite.Network.Recovery;

/// <summary>
/// Looks now and then for what belongs to nobody: attachments whose namespace is gone, those that plugins left half made, links and
/// namespaces without a record, and what plugins hold for sandboxes that are gone.
/// </summary>
internal sealed partial class Collector(
    AttachmentStore attachments, DetachSandbox detach, Leftovers leftovers, PluginChains plugins, DefaultNetwork defaultNetwork, SandboxTurns turns, Gate gate,
    NetworkOptions options, TimeProvider time, ILogger<Collector> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host waits for the first await
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Max(1, options.CollectSeconds)), time);
        try
        {
            do
            {
                await CollectAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    public async Task CollectAsync(CancellationToken cancellationToken)
    {
        foreach (var attachment in attachments.All().Where(IsLost))
        {
            await TryAsync(() => GiveUpAsync(attachment.Sandbox, cancellationToken));
        }

        await TryAsync(async () =>
        {
            using var turn = await gate.EnterAsync(cancellationToken);
            leftovers.Remove();
            await defaultNetwork.CatchUpAsync(cancellationToken);
        });
        await TryAsync(() => plugins.CollectAsync(cancellationToken));
    }

    private async Task GiveUpAsync(string sandbox, CancellationToken cancellationToken)
    {
        // It may be under way just now: then it is not lost any more when its turn ends.
        using var own = await turns.EnterAsync(sandbox, cancellationToken);
        if (attachments.Find(sandbox) is { } attachment && IsLost(attachment))
        {
            GivenUp(attachment.Name, attachment.State);
            await detach.RunAsync(sandbox, cancellationToken);
        }
    }

    private static bool IsLost(AttachmentRecord attachment) =>
        attachment.State != AttachmentState.Attached || (attachment.OwnsNamespace && !NetworkNamespace.Exists(attachment.NamespacePath));

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (SuiteException e)
        {
            NotCollected(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Name}, {State}, has lost its namespace or was left half made, and is given up")]
    private partial void GivenUp(string name, AttachmentState state);

    [LoggerMessage(LogLevel.Warning, "Something that belongs to nobody could not be removed, and is tried again: {Problem}")]
    private partial void NotCollected(string problem);
}
