using Suite.Network.Bridge;

namespace Suite.Network.Attachments;

/// <summary>Takes a sandbox off its networks. It can be asked again after every failure, and never asks whether the network is ready.</summary>
internal sealed class DetachSandbox(AttachmentStore store, AttachmentPlanner planner, BridgeDriver driver, TimeProvider time)
{
    /// <summary>Called with the gate held. An unknown sandbox is no error.</summary>
    public async Task RunAsync(string sandbox, CancellationToken cancellationToken)
    {
        if (store.Find(sandbox) is { } attachment)
        {
            await store.SetStateAsync(sandbox, AttachmentState.Detaching, cancellationToken);
            await RunAsync(attachment, CancellationToken.None);
        }
    }

    public async Task RunAsync(AttachmentRecord attachment, CancellationToken cancellationToken)
    {
        if (attachment.NamespacePath.Length > 0)
        {
            driver.Detach(planner.ToDriver(attachment));
        }

        await store.RemoveAsync(attachment.Sandbox, time.GetUtcNow(), cancellationToken);
        planner.Release(attachment);
    }
}
