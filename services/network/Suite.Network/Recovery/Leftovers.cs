using Suite.Linux.Namespaces;
using Suite.Network.Attachments;
using Suite.Network.Bridge;

namespace Suite.Network.Recovery;

/// <summary>What carries our name and belongs to no attachment: links and namespaces that a crash, or somebody, left. Removed.</summary>
internal sealed partial class Leftovers(AttachmentStore attachments, Teardowns teardowns, AttachmentPlanner planner, BridgeDriver driver, ILogger<Leftovers> logger)
{
    /// <summary>Called before anything is attached, or with the gate held.</summary>
    public void Remove()
    {
        teardowns.Settle();
        var recorded = attachments.All();
        var ends = recorded.SelectMany(attachment => attachment.Links).Select(link => link.HostEnd).ToHashSet();
        var leaked = driver.HostEnds().Where(name => !ends.Contains(name)).ToList();
        leaked.ForEach(name => Leaked("link", name));
        driver.RemoveHostEnds(leaked);
        if (!Directory.Exists(planner.NamespacesDirectory))
        {
            return;
        }

        var paths = recorded.Select(attachment => attachment.NamespacePath).ToHashSet();
        foreach (string path in Directory.GetFiles(planner.NamespacesDirectory, planner.HostEndPrefix + "*").Where(path => !paths.Contains(path)))
        {
            Leaked("network namespace", path);
            NetworkNamespace.Unbind(path);
        }
    }

    [LoggerMessage(LogLevel.Information, "The {Kind} {Name} belongs to no attachment and is removed")]
    private partial void Leaked(string kind, string name);
}
