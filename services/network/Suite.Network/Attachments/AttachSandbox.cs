using Suite.Linux.Errors;
using Suite.Network.Bridge;
using Suite.Network.Events;
using Suite.Network.Names;
using Suite.Network.Networks;
using Suite.Network.Plugins;

namespace Suite.Network.Attachments;

/// <summary>Attaches a sandbox: the record first, then the kernel, then the record that it is done.</summary>
internal sealed class AttachSandbox(
    AttachmentStore store, AttachmentPlanner planner, BridgeKeeper keeper, BridgeDriver driver, DetachSandbox detach, PluginChains plugins,
    Teardowns teardowns, NameDirectory names, LiveLinks live, EventHub events, Gate gate)
{
    /// <summary>Called with the sandbox's turn held.</summary>
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

        teardowns.Settle();

        // A list of plugins rules over what asks for no network of ours.
        return wish.Endpoints.Count == 0 && plugins.Current() is { } list
            ? await RunAsync(planner.Bare(wish, list.Name, plugins.Begin(list)), planned => plugins.AddAsync(list, planned, wish.Ports), detach.RunAsync, cancellationToken)
            : await RunOnBridgesAsync(wish, cancellationToken);
    }

    private async Task<AttachmentRecord> RunOnBridgesAsync(AttachWish wish, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        return await RunAsync(planner.Take(wish), Task.FromResult, detach.UndoAsync, cancellationToken);
    }

    private async Task<AttachmentRecord> RunAsync(
        AttachmentRecord planned, Func<AttachmentRecord, Task<AttachmentRecord>> connect, Func<AttachmentRecord, Task> undo, CancellationToken cancellationToken)
    {
        try
        {
            await store.AddAsync(planned, cancellationToken);
        }
        catch
        {
            planner.Release(planned);
            throw;
        }

        // From here on the caller's patience does not matter: half an attachment is worth less than a late one.
        try
        {
            if (planned.OwnsNamespace)
            {
                if (planned.Links.Length > 0)
                {
                    keeper.Establish();
                }

                driver.Attach(planner.ToDriver(planned));
            }

            var made = await connect(planned) with { State = AttachmentState.Attached };
            await store.SetStateAsync(made.Sandbox, AttachmentState.Attached, CancellationToken.None);
            live.Add(made);
            names.Added(made);
            events.Publish(NetworkEventKind.Attached, made);
            return made;
        }
        catch
        {
            try
            {
                await undo(planned);
            }
            catch (SuiteException)
            {
                // The first error is the one to tell. The record stays as it is, for the next attach, detach or start to undo.
            }

            throw;
        }
    }
}
