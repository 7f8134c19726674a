using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Ports;

namespace Suite.Network.Networks;

/// <summary>
/// Sees to it that bridges and firewall are there when a sandbox needs them, and only then: a suite that runs nothing leaves
/// no trace in the kernel. Called with the gate held.
/// </summary>
internal sealed class BridgeKeeper(BridgeDriver driver, NetworkCatalog catalog, AttachmentStore attachments)
{
    public bool IsEstablished { get; private set; }

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Failure { get; private set; }

    public void Establish()
    {
        if (IsEstablished)
        {
            return;
        }

        try
        {
            var ports = attachments.All().Where(a => a.State == AttachmentState.Attached).SelectMany(a => a.Ports);
            driver.Establish([.. catalog.OnBridges.Select(network => network.Bridge!.ToDriver(network.Name))], ports);
            (IsEstablished, Failure) = (true, null);
        }
        catch (SuiteException e)
        {
            Failure = e.Message;
            throw;
        }
    }

    public void Added(NetworkRecord network)
    {
        if (IsEstablished)
        {
            driver.AddNetwork(network.Bridge!.ToDriver(network.Name));
        }
    }

    public void Removed(NetworkRecord network)
    {
        if (IsEstablished)
        {
            driver.RemoveNetwork(network.Bridge!.ToDriver(network.Name));
        }
    }

    /// <summary>Removes what serves nobody.</summary>
    /// <returns>How many attachments are left, which keep it.</returns>
    public int Release(string namespacesDirectory)
    {
        int left = attachments.All().Count;
        if (left > 0)
        {
            return left;
        }

        // Whether or not it was established by this process: an earlier one may have left it.
        driver.Release(catalog.OnBridges.Select(network => network.Bridge!.ToDriver(network.Name)));
        IsEstablished = false;
        if (Directory.Exists(namespacesDirectory) && !Directory.EnumerateFileSystemEntries(namespacesDirectory).Any())
        {
            Directory.Delete(namespacesDirectory);
        }

        return 0;
    }
}
