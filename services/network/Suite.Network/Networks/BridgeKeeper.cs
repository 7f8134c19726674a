using Suite.Linux.Errors;
using Suite.Network.Attachments;
using Suite.Network.Bridge;
using Suite.Network.Names;

namespace Suite.Network.Networks;

/// <summary>
/// Sees to it that bridges and firewall are there when a sandbox needs them, and only then: a suite that runs nothing leaves
/// no trace in the kernel. Called with the gate held.
/// </summary>
internal sealed class BridgeKeeper(BridgeDriver driver, NetworkCatalog catalog, AttachmentStore attachments, Teardowns teardowns, NameServer names)
{
    private const string SharedDirectory = "/run/netns"; // ip(8)'s too: not ours to remove

    private bool _established;

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether there is anything in the kernel that others could damage.</summary>
    public bool IsEstablished => _established;

    public void Establish()
    {
        if (!_established)
        {
            Restore();
        }
    }

    /// <summary>Makes bridges and table whatever of them exists.</summary>
    public void Restore()
    {
        try
        {
            var ports = attachments.All().Where(a => a.State == AttachmentState.Attached).SelectMany(a => a.Ports);
            driver.Establish([.. catalog.OnBridges.Select(network => network.Bridge!.ToDriver())], ports);
            (_established, Failure) = (true, null);
            if (catalog.Find(NetworkRecord.Default) is { Bridge: { } usual })
            {
                driver.KeepReady(usual.ToDriver());
            }

            foreach (var network in catalog.OnBridges)
            {
                names.Serve(network);
            }
        }
        catch (SuiteException e)
        {
            Failure = e.Message;
            throw;
        }
    }

    public void Added(NetworkRecord network)
    {
        if (_established)
        {
            driver.AddNetwork(network.Bridge!.ToDriver());
            if (network.Name == NetworkRecord.Default)
            {
                driver.KeepReady(network.Bridge!.ToDriver());
            }

            names.Serve(network);
        }
    }

    /// <summary>Whether or not this process established it: an earlier one may have left the bridge, which no record names from now on.</summary>
    public void Removed(NetworkRecord network)
    {
        names.Leave(network);
        driver.RemoveNetwork(network.Bridge!.ToDriver());
    }

    /// <summary>Removes what serves nobody.</summary>
    /// <returns>How many attachments are left, which keep it.</returns>
    public int Release(string namespacesDirectory)
    {
        teardowns.Settle();
        int left = attachments.All().Count;
        if (left > 0)
        {
            return left;
        }

        foreach (var network in catalog.OnBridges)
        {
            names.Leave(network);
        }

        // Whether or not it was established by this process: an earlier one may have left it.
        driver.Release([.. catalog.OnBridges.Select(network => network.Bridge!.ToDriver())]);
        _established = false;
        if (namespacesDirectory != SharedDirectory && Directory.Exists(namespacesDirectory) && !Directory.EnumerateFileSystemEntries(namespacesDirectory).Any())
        {
            Directory.Delete(namespacesDirectory);
        }

        return 0;
    }
}
