using Suite.Linux.Errors;
using Suite.Network.Bridge;
using Suite.Network.Events;
using Suite.Network.Names;
using Suite.Network.Networks;

namespace Suite.Network.Attachments;

/// <summary>Puts a sandbox that is attached on one more network, or takes it off one.</summary>
internal sealed class ConnectSandbox(
    AttachmentStore store, NetworkCatalog catalog, LinkPlanner links, BridgeKeeper keeper, BridgeDriver driver, NameDirectory names, LiveLinks live, EventHub events, TimeProvider time)
{
    /// <summary>Called with the sandbox's turn and the gate held. Where it is already, nothing changes.</summary>
    public async Task<AttachmentRecord> ConnectAsync(string sandbox, EndpointWish wish, CancellationToken cancellationToken)
    {
        var attachment = Find(sandbox);
        var network = Bridged(wish.Network);
        if (attachment.Links.FirstOrDefault(link => link.NetworkId == network.Id) is { } there)
        {
            return wish.Addresses.All(asked => there.Addresses.Any(address => address.Address.Equals(asked))) && (wish.Mac is null || wish.Mac == there.Mac)
                ? attachment
                : throw new SuiteException(ErrorKind.AlreadyExists, $"{attachment.Name} is on network {network.Name} already, with other settings: disconnect it first");
        }

        var taken = attachment.Links.Select(link => link.Interface).ToHashSet();
        var link = links.Take(network, wish, Enumerable.Range(0, taken.Count + 1).Select(n => $"eth{n}").First(name => !taken.Contains(name)));
        var connected = attachment with { Links = attachment.Links.Add(link) };
        try
        {
            // The intent first: a link that is recorded and missing is made at the next start.
            await store.ChangeLinksAsync(connected, time.GetUtcNow(), cancellationToken);
            keeper.Establish();
            driver.Connect(connected.ToDriver(catalog));
        }
        catch
        {
            await store.ChangeLinksAsync(attachment, time.GetUtcNow(), CancellationToken.None);
            links.Release([link]);
            throw;
        }

        live.Add(connected);
        names.Added(connected);
        events.Publish(NetworkEventKind.Connected, attachment, network);
        return connected;
    }

    /// <summary>Called with the sandbox's turn and the gate held. Where it is not, nothing changes.</summary>
    public async Task<AttachmentRecord> DisconnectAsync(string sandbox, string networkName, CancellationToken cancellationToken)
    {
        var attachment = Find(sandbox);
        var network = Bridged(networkName);
        if (attachment.Links.FirstOrDefault(link => link.NetworkId == network.Id) is not { } link)
        {
            return attachment;
        }

        if (attachment.Ports.FirstOrDefault(port => link.Addresses.Any(address => address.Address.Equals(port.ContainerAddress))) is { } port)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"port {port} of {attachment.Name} is published by way of network {network.Name}: it stays on it until it is removed");
        }

        var rest = attachment with { Links = attachment.Links.Remove(link) };
        live.Remove([link]);
        driver.Disconnect(rest.ToDriver(catalog), link.ToDriver(network));
        await store.ChangeLinksAsync(rest, time.GetUtcNow(), CancellationToken.None);
        links.Release([link]);
        names.Removed(attachment);
        names.Added(rest);
        events.Publish(NetworkEventKind.Disconnected, attachment, network);
        return rest;
    }

    private AttachmentRecord Find(string sandbox)
    {
        var attachment = store.Find(sandbox);
        if (attachment is not { State: AttachmentState.Attached })
        {
            throw new SuiteException(ErrorKind.NotFound, $"there is no sandbox \"{sandbox}\" that is attached");
        }

        return attachment.OwnsNamespace
            ? attachment
            : throw new SuiteException(ErrorKind.FailedPrecondition, $"{attachment.Name} has no network of its own, but that of {(attachment.NamespacePath.Length == 0 ? "the host" : attachment.Network)}: connect that, or make it anew");
    }

    private NetworkRecord Bridged(string name) => catalog.Get(name) is { Bridge: not null } network
        ? network
        : throw new SuiteException(ErrorKind.InvalidArgument, $"the network {name} has no links: a sandbox is on it from the start or not at all");
}
