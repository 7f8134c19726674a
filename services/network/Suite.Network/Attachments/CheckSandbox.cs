using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Network.Bridge;
using Suite.Network.Plugins;

namespace Suite.Network.Attachments;

/// <summary>Looks whether what an attachment was given is still there. Changes nothing.</summary>
internal sealed class CheckSandbox(AttachmentStore store, AttachmentPlanner planner, BridgeDriver driver, PluginChains plugins)
{
    /// <summary>Called with the sandbox's turn held.</summary>
    public async Task RunAsync(string sandbox, CancellationToken cancellationToken)
    {
        if (store.Find(sandbox) is not { State: AttachmentState.Attached } attachment)
        {
            throw new SuiteException(ErrorKind.NotFound, $"there is no sandbox \"{sandbox}\" that is attached");
        }

        if (attachment.NamespacePath.Length > 0 && !NetworkNamespace.Exists(attachment.NamespacePath))
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"the network namespace of {attachment.Name}, {attachment.NamespacePath}, is gone");
        }

        if (attachment.Details.Plugins is not null)
        {
            await plugins.CheckAsync(attachment, cancellationToken);
        }
        else if (attachment.Links.Length > 0 && driver.Missing(planner.ToDriver(attachment)) is { Count: > 0 } missing)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{attachment.Name} lacks {string.Join(" and ", missing)}");
        }
    }
}
