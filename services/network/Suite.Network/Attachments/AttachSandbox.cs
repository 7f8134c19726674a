using Suite.Linux.Errors;
using Suite.Network.Bridge;
using Suite.Network.Networks;

namespace Suite.Network.Attachments;

/// <summary>Attaches a sandbox: the record first, then the kernel, then the record that it is done.</summary>
internal sealed class AttachSandbox(AttachmentStore store, AttachmentPlanner planner, BridgeKeeper keeper, BridgeDriver driver, DetachSandbox detach)
{
    /// <summary>Called with the gate held.</summary>
    public async Task<AttachmentRecord> RunAsync(AttachWish wish, CancellationToken cancellationToken)
    {
        if (store.Find(wish.Sandbox) is { } existing)
        {
            if (existing.State == AttachmentState.Attached)
            {
                return existing.Asked == wish.Fingerprint
                    ? existing
                    : throw new SuiteException(ErrorKind.AlreadyExists, $"the sandbox {wish.Sandbox} ({existing.Name}) is attached already, with other settings: detach it first");
            }

            // An earlier call failed, and so did its undoing.
            await detach.RunAsync(wish.Sandbox, cancellationToken);
        }

        var attachment = planner.Take(wish);
        try
        {
            await store.AddAsync(attachment, cancellationToken);
        }
        catch
        {
            planner.Release(attachment);
            throw;
        }

        // From here on the caller's patience does not matter: half an attachment is worth less than a late one.
        try
        {
            if (attachment.NamespacePath.Length > 0)
            {
                if (attachment.Links.Count > 0)
                {
                    keeper.Establish();
                }

                driver.Attach(planner.ToDriver(attachment));
            }

            await store.SetStateAsync(wish.Sandbox, AttachmentState.Attached, CancellationToken.None);
            return attachment with { State = AttachmentState.Attached };
        }
        catch
        {
            await UndoAsync(attachment);
            throw;
        }
    }

    private async Task UndoAsync(AttachmentRecord attachment)
    {
        try
        {
            await detach.RunAsync(attachment, CancellationToken.None);
        }
        catch (SuiteException)
        {
            // The first error is the one to tell. The record stays as it is, for the next attach, detach or start to undo.
        }
    }
}
