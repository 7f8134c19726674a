using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;
using Suite.Network.Networks;

namespace Suite.Network.Attachments;

/// <summary>Turns a wish into a record: takes addresses and ports, chooses names. And a record into what the driver makes.</summary>
internal sealed class AttachmentPlanner(NetworkCatalog catalog, PortReservations reservations, SuitePaths paths, TimeProvider time)
{
    /// <summary>Without vowels there are no words in it, and without 0 and 1 no mistaking them.</summary>
    private const string Alphabet = "23456789bcdfghjklmnpqrstvwxz";
    private const int HostEndLetters = 6;

    public string NamespacesDirectory => Path.Combine(paths.Run, "netns");

    public string HostEndPrefix => paths.Instance + "-";

    /// <summary>Takes what the wish needs. When it throws, nothing is taken.</summary>
    public AttachmentRecord Take(AttachWish wish)
    {
        var networks = Networks(wish);
        var links = new List<LinkRecord>();
        try
        {
            foreach (var network in networks.Where(network => network.Bridge is not null))
            {
                links.Add(TakeLink(network, wish, links.Count));
            }

            // The host's own network has the host's ports, and no network has none.
            var ports = links.Count == 0 ? [] : reservations.Reserve(wish.Name, [.. wish.Ports.Select(port => Publish(port, links[0].Address))]);
            string path = networks[0] == NetworkRecord.Host ? "" : Path.Combine(NamespacesDirectory, HostEndPrefix + wish.Sandbox);
            return new AttachmentRecord(
                wish.Sandbox, wish.Name, AttachmentState.Attaching, networks[0].Name, path, links, ports, wish.Fingerprint, time.GetUtcNow());
        }
        catch
        {
            ReleaseAddresses(links);
            throw;
        }
    }

    /// <summary>Gives back what <see cref="Take"/> took.</summary>
    public void Release(AttachmentRecord attachment)
    {
        reservations.Release(attachment.Ports);
        ReleaseAddresses(attachment.Links);
    }

    /// <summary>Takes again, after a restart, what a record says is taken.</summary>
    /// <returns>Why its ports could not all be held; null when they are.</returns>
    public string? TakeAgain(AttachmentRecord attachment)
    {
        foreach (var link in attachment.Links)
        {
            catalog.PoolOf(catalog.Get(link.NetworkId)).Take(link.Address);
        }

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

    public SandboxNetwork ToDriver(AttachmentRecord attachment) => new(
        attachment.NamespacePath,
        [.. attachment.Links.Select(link => new SandboxLink(
            catalog.Get(link.NetworkId).Bridge!.ToDriver(), link.HostEnd, link.Interface, link.Address, link.Mac))],
        [.. attachment.Ports]);

    private ImmutableArray<NetworkRecord> Networks(AttachWish wish)
    {
        ImmutableArray<NetworkRecord> networks = wish.Networks.Count == 0
            ? [catalog.Get(NetworkRecord.Default)]
            : [.. wish.Networks.Select(catalog.Get)];
        if (networks.Length > 1 && networks.FirstOrDefault(network => network.Bridge is null) is { } lone)
        {
            throw new SuiteException(ErrorKind.InvalidArgument, $"the network {lone.Name} cannot be combined with others");
        }

        return networks.Distinct().Count() == networks.Length
            ? networks
            : throw new SuiteException(ErrorKind.InvalidArgument, "a network is named twice: name each once");
    }

    private LinkRecord TakeLink(NetworkRecord network, AttachWish wish, int position)
    {
        var pool = catalog.PoolOf(network);
        var address = position == 0 ? wish.Address : null;
        if (address is null)
        {
            address = pool.Take();
        }
        else
        {
            pool.Take(address);
        }

        var mac = (position == 0 ? wish.Mac : null) ?? MacAddress.For(address);
        return new LinkRecord(network.Id, HostEndPrefix + RandomNumberGenerator.GetString(Alphabet, HostEndLetters), $"eth{position}", address, mac);
    }

    private static PublishedPort Publish(PortWish port, IPAddress address) =>
        new(port.Protocol, port.HostAddress, port.HostPort, address, port.ContainerPort);

    private void ReleaseAddresses(IEnumerable<LinkRecord> links)
    {
        foreach (var link in links)
        {
            catalog.PoolOf(catalog.Get(link.NetworkId)).Release(link.Address);
        }
    }
}
