using System.Collections.Immutable;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Links;
using Suite.Network.Networks;

namespace Suite.Network.Attachments;

/// <summary>Takes the addresses of a link and chooses its names; gives them back.</summary>
internal sealed class LinkPlanner(NetworkCatalog catalog, BridgeDriver driver, SuitePaths paths)
{
    public string HostEndPrefix => HostEnd.PrefixOf(paths.Instance);

    /// <summary>Takes what one link needs: an address of each of the network's subnets. When it throws, nothing is taken.</summary>
    /// <param name="isFirst">Of a sandbox that has no namespace yet.</param>
    public LinkRecord Take(NetworkRecord network, EndpointWish wish, string interfaceName, bool isFirst = false)
    {
        if (wish.Addresses.FirstOrDefault(asked => network.Bridge!.Subnets.All(part => !part.Subnet.Contains(asked))) is { } stranger)
        {
            throw new SuiteException(
                ErrorKind.InvalidArgument,
                $"{stranger} is in no subnet of network {network.Name}, which has {string.Join(" and ", network.Bridge!.Subnets.Select(part => part.Subnet))}");
        }

        var addresses = ImmutableArray.CreateBuilder<LinkAddress>();
        try
        {
            foreach (var (subnet, pool) in catalog.PoolsOf(network))
            {
                var asked = wish.Addresses.Where(subnet.Contains).ToList();
                if (asked.Count > 1)
                {
                    throw new SuiteException(ErrorKind.InvalidArgument, $"{string.Join(" and ", asked)} are both asked for of {subnet}: a link has one address of each family");
                }

                if (asked.Count == 1)
                {
                    pool.Take(asked[0]);
                }

                addresses.Add(new LinkAddress(asked.Count == 1 ? asked[0] : pool.Take(), subnet.Prefix));
            }

            string hostEnd = isFirst ? driver.NameFirstLink(network.Bridge!.Interface) : driver.NameLink();
            return new LinkRecord(
                network.Id, hostEnd, interfaceName, addresses.ToImmutable(), wish.Mac ?? MacAddress.For(addresses[0].Address), [.. wish.Aliases]);
        }
        catch
        {
            Release(network, addresses);
            throw;
        }
    }

    public void Release(IEnumerable<LinkRecord> links)
    {
        foreach (var link in links)
        {
            driver.ForgetLink(link.HostEnd);
            Release(catalog.Get(link.NetworkId), link.Addresses);
        }
    }

    /// <summary>Takes again, after a restart, what a record says is taken.</summary>
    public void TakeAgain(IEnumerable<LinkRecord> links)
    {
        foreach (var link in links)
        {
            var network = catalog.Get(link.NetworkId);
            foreach (var address in link.Addresses)
            {
                catalog.PoolOf(network, address.Address)?.Take(address.Address);
            }
        }
    }

    private void Release(NetworkRecord network, IEnumerable<LinkAddress> addresses)
    {
        foreach (var address in addresses)
        {
            catalog.PoolOf(network, address.Address)?.Release(address.Address);
        }
    }
}
