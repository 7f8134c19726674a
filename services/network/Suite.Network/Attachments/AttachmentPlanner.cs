using System.Collections.Immutable;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;
using Suite.Network.Networks;

namespace Suite.Network.Attachments;

/// <summary>Turns a wish into a record: takes addresses and ports, chooses names.</summary>
internal sealed class AttachmentPlanner(
    NetworkCatalog catalog, AttachmentStore store, LinkPlanner linkPlanner, PortPlanner portPlanner, PortReservations reservations,
    NetworkOptions options, SuitePaths paths, TimeProvider time)
{
    /// <summary>
    /// Where namespaces are named: on a machine's own instance where ip(8) and the agents of network plugins look, in an instance
    /// that is moved elsewhere in its own folder.
    /// </summary>
    public string NamespacesDirectory =>
        options.NamespacesDirectory.Length > 0 ? options.NamespacesDirectory : paths.Run == SuitePaths.DefaultRun ? "/run/netns" : Path.Combine(paths.Run, "netns");

    public string HostEndPrefix => linkPlanner.HostEndPrefix;

    public string NamespacePathOf(string sandbox) => Path.Combine(NamespacesDirectory, HostEndPrefix + sandbox);

    /// <summary>Takes what the wish needs. When it throws, nothing is taken.</summary>
    public AttachmentRecord Take(AttachWish wish)
    {
        EndpointWish[] endpoints = wish.Endpoints.Count > 0 ? [.. wish.Endpoints] : [new EndpointWish(NetworkRecord.Default, [], null, [])];
        if (endpoints.FirstOrDefault(endpoint => endpoint.Network.StartsWith(NetworkRecord.SharedPrefix, StringComparison.Ordinal)) is { } shared)
        {
            return Share(wish, endpoints.Length == 1 ? shared : throw Lone(shared.Network));
        }

        var networks = Networks(endpoints);
        var links = new List<LinkRecord>();
        try
        {
            foreach (var (network, endpoint) in networks.Zip(endpoints).Where(pair => pair.First.Bridge is not null))
            {
                links.Add(linkPlanner.Take(network, endpoint, $"eth{links.Count}", isFirst: links.Count == 0));
            }

            // The host's own network has the host's ports, and no network has none.
            var ports = links.Count == 0 ? [] : portPlanner.Reserve(wish.Name, wish.Ports, links[0].Addresses);
            string path = networks[0] == NetworkRecord.Host ? "" : NamespacePathOf(wish.Sandbox);
            return Record(wish, networks[0].Name, path, AttachmentDetails.None) with { Links = [.. links], Ports = ports };
        }
        catch
        {
            linkPlanner.Release(links);
            throw;
        }
    }

    /// <summary>A record with a namespace and nothing else, for others to connect.</summary>
    public AttachmentRecord Bare(AttachWish wish, string network, AttachmentDetails details) =>
        Record(wish, network, NamespacePathOf(wish.Sandbox), details);

    /// <summary>Gives back what <see cref="Take"/> took.</summary>
    public void Release(AttachmentRecord attachment)
    {
        reservations.Release(attachment.Ports);
        linkPlanner.Release(attachment.Links);
    }

    /// <summary>Takes again, after a restart, what a record says is taken.</summary>
    /// <returns>Why its ports could not all be held; null when they are.</returns>
    public string? TakeAgain(AttachmentRecord attachment)
    {
        linkPlanner.TakeAgain(attachment.Links);
        try
        {
            reservations.Reserve(attachment.Name, attachment.Ports);
            return null;
        }
        catch (SuiteException e)
        {
            return e.Message;
        }
    }

    public SandboxNetwork ToDriver(AttachmentRecord attachment) => attachment.ToDriver(catalog);

    private AttachmentRecord Record(AttachWish wish, string network, string path, AttachmentDetails details) => new(
        wish.Sandbox, wish.Name, AttachmentState.Attaching, network, path, [], [],
        details with { Dns = wish.Dns, Links = wish.Links, Pod = wish.Pod }, wish.Fingerprint, time.GetUtcNow());

    private AttachmentRecord Share(AttachWish wish, EndpointWish endpoint)
    {
        string reference = endpoint.Network[NetworkRecord.SharedPrefix.Length..];
        if (wish.Ports.Count > 0 || endpoint.Addresses.Count > 0 || endpoint.Mac is not null || endpoint.Aliases.Count > 0)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"{endpoint.Network} brings its own ports, addresses and aliases: ask for none, or publish them where {reference} is made");
        }

        var owners = store.All().Where(a => a.State == AttachmentState.Attached && a.Sandbox != wish.Sandbox && a.IsMeantBy(reference)).ToList();
        var owner = owners.FirstOrDefault(a => a.Sandbox == reference) ?? owners switch
        {
            [var one] => one,
            [] => throw new SuiteException(ErrorKind.NotFound, $"there is no sandbox \"{reference}\" whose network could be shared"),
            _ => throw new SuiteException(ErrorKind.InvalidArgument, $"\"{reference}\" may mean {string.Join(" or ", owners.Select(a => a.Sandbox))}: say which"),
        };
        // Of a sandbox that shares itself, the one that it shares with is meant.
        string sharedWith = owner.Details.SharedWith.Length > 0 ? owner.Details.SharedWith : owner.Sandbox;
        return Record(wish, NetworkRecord.SharedPrefix + sharedWith, owner.NamespacePath, new AttachmentDetails { SharedWith = sharedWith });
    }

    private ImmutableArray<NetworkRecord> Networks(IReadOnlyList<EndpointWish> endpoints)
    {
        ImmutableArray<NetworkRecord> networks = [.. endpoints.Select(endpoint => catalog.Get(endpoint.Network))];
        if (networks.FirstOrDefault(network => network.Bridge is null) is { } lone
            && (networks.Length > 1 || endpoints[0].Addresses.Count > 0 || endpoints[0].Mac is not null))
        {
            throw Lone(lone.Name);
        }

        return networks.Distinct().Count() == networks.Length
            ? networks
            : throw new SuiteException(ErrorKind.InvalidArgument, "a network is named twice: name each once");
    }

    private static SuiteException Lone(string network) =>
        new(ErrorKind.InvalidArgument, $"the network {network} stands alone: it cannot be combined with others, with addresses or with a MAC address");
}
