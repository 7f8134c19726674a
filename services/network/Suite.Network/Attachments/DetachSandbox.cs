using Suite.Network.Bridge;
using Suite.Network.Events;
using Suite.Network.Names;
using Suite.Network.Networks;
using Suite.Network.Plugins;

namespace Suite.Network.Attachments;

/// <summary>Takes a sandbox off its networks. It can be asked again after every failure, and never asks whether the network is ready.</summary>
internal sealed class DetachSandbox(
    AttachmentStore store, AttachmentPlanner planner, BridgeDriver driver, PluginChains plugins, NameDirectory names, LiveLinks live, DefaultNetwork defaultNetwork,
    EventHub events, Gate gate, TimeProvider time)
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

    /// <summary>All but what plugins made. Called with the gate held.</summary>
    public async Task TakeDownAsync(AttachmentRecord attachment)
    {
        live.Remove(attachment.Links);
        names.Removed(attachment);
        if (attachment.OwnsNamespace)
        {
            driver.Detach(planner.ToDriver(attachment));
        }

        store.Remove(attachment.Sandbox, time.GetUtcNow());
        planner.Release(attachment);
        events.Publish(NetworkEventKind.Detached, attachment.Network, attachment.Sandbox);
        await defaultNetwork.CatchUpAsync(CancellationToken.None);
    }
}
