using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Namespaces;

namespace Suite.Network.Bridge;

/// <content>What the driver can tell about the host and its sandboxes.</content>
public sealed partial class BridgeDriver
{
    /// <summary>Whether one of these bridges or veths of the host is gone, down, or a veth on no bridge.</summary>
    public bool AnyBroken(IReadOnlyCollection<string> names)
    {
        lock (_lock)
        {
            var links = LinkQueries.Links(_host).ToDictionary(link => link.Name);
            return names.Any(name => links.GetValueOrDefault(name) is not { IsUp: true } link || (link.Kind == "veth" && link.Master == 0));
        }
    }

    /// <summary>What of a sandbox's links is not as it should be, each in words; empty when all is.</summary>
    public IReadOnlyList<string> Missing(SandboxNetwork sandbox)
    {
        using var prepared = PreparedNamespace.Open(sandbox.NamespacePath);
        lock (_lock)
        {
            var links = LinkQueries.Links(_host).ToDictionary(link => link.Name);
            var inside = LinkQueries.Links(prepared.Inside).ToDictionary(link => link.Name, link => link.Index);
            var addresses = LinkQueries.Addresses(prepared.Inside).ToHashSet();
            return
            [
                .. sandbox.Links.Where(link => links.GetValueOrDefault(link.HostEnd) is not { } end || end.Master != links.GetValueOrDefault(link.Network.Bridge)?.Index)
                    .Select(link => $"the link {link.HostEnd} on {link.Network.Bridge}"),
                .. from link in sandbox.Links
                   from address in link.Addresses
                   where !inside.TryGetValue(link.Interface, out int index) || !addresses.Contains((address, index))
                   select $"the address {address} on {link.Interface}",
            ];
        }
    }

    /// <summary>Whether a link with this name waits for a sandbox.</summary>
    internal bool IsReady(string hostEnd) => _readyLinks?.Has(hostEnd) == true;

    /// <summary>The host's ends of this instance's links, but for those that wait for a sandbox and those that are on their way out.</summary>
    public IReadOnlyList<string> HostEnds()
    {
        lock (_lock)
        {
            return
            [
                .. LinkQueries.Links(_host).Where(link => link.Kind == "veth" && link.Group != CondemnLink.Group && link.Name.StartsWith(HostEnd.PrefixOf(_table), StringComparison.Ordinal)
                    && !IsReady(link.Name)).Select(link => link.Name),
            ];
        }
    }

    /// <summary>The subnets that the host's routes and addresses occupy, but for those of the links in <paramref name="except"/>.</summary>
    public IReadOnlyList<IpSubnet> SubnetsInUse(IReadOnlyCollection<string> except)
    {
        lock (_lock)
        {
            var ignored = LinkQueries.Links(_host).Where(link => except.Contains(link.Name)).Select(link => link.Index).ToHashSet();
            return [.. LinkQueries.SubnetsInUse(_host).Where(used => !ignored.Contains(used.Link)).Select(used => used.Subnet)];
        }
    }
}
