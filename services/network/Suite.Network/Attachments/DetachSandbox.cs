using Suite.Network.Bridge;
using Suite.Network.Events;
using Suite.Network.Names;
using Suite.Network.Networks;
using Suite.Network.Plugins;

namespace Suite.Network.Attachments;

/// <summary>Takes a sandbox off its networks. It can be asked again after every failure, and never asks whether the network is ready.</summary>
internal sealed class DetachSandbox(
    AttachmentStore store, AttachmentPlanner planner, BridgeDriver driver, PluginChains plugins, NameDirectory names, LiveLinks live, DefaultNetwork defaultNetwork,
    Teardowns teardowns, EventHub events, Gate gate)
{
    /// <summary>Called with the sandbox's turn held. An unknown sandbox is no error.</summary>
    public async Task RunAsync(string sandbox, CancellationToken cancellationToken)
    {
        if (store.Find(sandbox) is { } attachment)
        {
            await store.SetStateAsync(sandbox, AttachmentState.Detaching, cancellationToken);
            await RunAsync(attachment);
        }
    }

    /// <summary>To its end, whatever the caller's patience: half a detachment would have to be asked for again.</summary>
    public async Task RunAsync(AttachmentRecord attachment)
    {
        if (attachment.Details.Plugins is not null)
        {
            await plugins.DeleteAsync(attachment); // they may take their time, so nobody else waits
        }

        using var turn = await gate.EnterAsync(CancellationToken.None);
        await TakeDownAsync(attachment);
    }

    /// <summary>The same for an attach that has failed: when it returns, nothing is left. Called with the gate held.</summary>
    public async Task UndoAsync(AttachmentRecord attachment)
    {
        await TakeDownAsync(attachment);
        teardowns.Settle();
    }

    /// <summary>All but what plugins made. Called with the gate held.</summary>
    private async Task TakeDownAsync(AttachmentRecord attachment)
    {
        live.Remove(attachment.Links);
        names.Removed(attachment);
        driver.Unpublish(attachment.Ports);
        store.Hide(attachment.Sandbox);
        planner.Release(attachment);
        teardowns.Add(attachment, attachment.OwnsNamespace ? planner.ToDriver(attachment) : null);
        if (attachment.Details.Plugins is not null)
        {
            teardowns.Settle(); // after what plugins took, a moment more is nothing
        }

        events.Publish(NetworkEventKind.Detached, attachment);
        await defaultNetwork.CatchUpAsync(CancellationToken.None);
    }
}
