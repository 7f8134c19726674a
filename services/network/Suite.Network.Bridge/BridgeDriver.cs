using System.Collections.Immutable;
using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Network.Bridge.Firewall;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Namespaces;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;
using Suite.Network.Bridge.Ports;
using Suite.Network.Bridge.Watches;

namespace Suite.Network.Bridge;

/// <summary>
/// The kernel side of bridge networks. It keeps no record: its caller writes down what it wants before it asks, and can ask
/// for the same again, or for its removal, whatever of it exists. One change at a time, as the kernel's own lock for links
/// would have it anyway.
/// </summary>
public sealed class BridgeDriver : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _table;
    private readonly NetlinkSocket _host;
    private readonly NetlinkSocket _firewall;
    private readonly PlanRunner _runner;
    private readonly int _spareNamespaces;
    private readonly LinkReaper _reaper = new();
    private NamespacePool? _pool;

    /// <param name="instance">Names the table of the firewall and begins the names of links.</param>
    /// <param name="spareNamespaces">How many namespaces to keep prepared.</param>
    public BridgeDriver(string instance, int spareNamespaces)
    {
        _table = instance;
        _host = NetlinkSocket.OpenRoute();
        _firewall = NetlinkSocket.OpenNetfilter();
        _runner = new PlanRunner(_host, _firewall);
        _spareNamespaces = spareNamespaces;
    }

    /// <summary>Makes the bridges, or mends them, and the firewall's table with exactly these networks and ports in it.</summary>
    public void Establish(IReadOnlyCollection<BridgeNetwork> networks, IEnumerable<PublishedPort> ports)
    {
        lock (_lock)
        {
            _runner.Run([.. networks.SelectMany(network => LinkPlans.AddNetwork(network))]);
            _runner.Run(Ruleset.Replace(_table, networks, ports));
            _runner.Run(ForeignChains.Open(_firewall, _table));
            _pool ??= new NamespacePool(_spareNamespaces);
        }
    }

    /// <summary>Lets our bridges' packets pass chains of others that drop by policy, where that is missing.</summary>
    public void OpenForeignChains()
    {
        lock (_lock)
        {
            _runner.Run(ForeignChains.Open(_firewall, _table));
        }
    }

    /// <summary>Hears of what others do to bridges, links and rules from now on.</summary>
    public KernelWatch Watch() => new(_table, _firewall.Port);

    public void AddNetwork(BridgeNetwork network)
    {
        lock (_lock)
        {
            try
            {
                _runner.Run([.. LinkPlans.AddNetwork(network), .. Ruleset.AddNetwork(_table, network)]);
            }
            catch (SuiteException)
            {
                _runner.Run(LinkPlans.RemoveNetwork(network));
                throw;
            }
        }
    }

    public void RemoveNetwork(BridgeNetwork network)
    {
        lock (_lock)
        {
            _runner.Run([.. Ruleset.RemoveNetwork(_table, network), .. LinkPlans.RemoveNetwork(network)]);
        }
    }

    /// <summary>Makes a sandbox's namespace, links and ports. When it fails, nothing of them is left.</summary>
    public void Attach(SandboxNetwork sandbox) => Attach(sandbox, LinkPlans.Attach(_table, sandbox));

    internal void Attach(SandboxNetwork sandbox, ImmutableArray<Step> plan)
    {
        using var prepared = _pool?.Take() ?? PreparedNamespace.Create();
        lock (_lock)
        {
            try
            {
                _runner.Run(plan, prepared.Space, prepared.Inside);
            }
            catch (Exception e)
            {
                Undo(sandbox, e);
                throw;
            }
        }
    }

    /// <summary>Gives a sandbox that is attached one more link, the last one in <paramref name="sandbox"/>. When it fails, nothing of it is left.</summary>
    public void Connect(SandboxNetwork sandbox)
    {
        var link = sandbox.Links[^1];
        using var prepared = PreparedNamespace.Open(sandbox.NamespacePath);
        lock (_lock)
        {
            try
            {
                _runner.Run(LinkPlans.Plug(sandbox, [link]), prepared.Space, prepared.Inside);
            }
            catch
            {
                RunAll([new DeleteLink(link.HostEnd)]);
                throw;
            }
        }
    }

    /// <summary>Takes a link from a sandbox, of which <paramref name="rest"/> stays.</summary>
    public void Disconnect(SandboxNetwork rest, SandboxLink link)
    {
        using var prepared = PreparedNamespace.Open(rest.NamespacePath);
        lock (_lock)
        {
            _runner.Run(LinkPlans.Unplug(rest, link), prepared.Space, prepared.Inside);
        }
    }

    /// <summary>Takes down what there is of a sandbox's namespace, links and ports; goes on after an error and throws the first.</summary>
    public void Detach(SandboxNetwork sandbox)
    {
        lock (_lock)
        {
            RunAll(LinkPlans.Detach(_table, sandbox));
        }

        _reaper.Wake();
    }

    /// <summary>
    /// Puts the links of running sandboxes back: those that are missing are made, those off their bridge put on it. Goes on after
    /// an error and throws the first.
    /// </summary>
    /// <returns>The paths of namespaces that are gone, and with them all that could be mended.</returns>
    public IReadOnlyList<string> Mend(IReadOnlyCollection<SandboxNetwork> sandboxes)
    {
        var gone = new List<string>();
        var failures = new List<SuiteException>();
        lock (_lock)
        {
            var links = LinkQueries.Links(_host).ToDictionary(link => link.Name);
            foreach (var sandbox in sandboxes)
            {
                if (!NetworkNamespace.Exists(sandbox.NamespacePath))
                {
                    gone.Add(sandbox.NamespacePath);
                    continue;
                }

                try
                {
                    Mend(sandbox, links);
                }
                catch (SuiteException e)
                {
                    failures.Add(e);
                }
            }
        }

        return failures.Count == 0 ? gone : throw Together(failures);
    }

    private void Mend(SandboxNetwork sandbox, Dictionary<string, LinkFacts> links)
    {
        var missing = sandbox.Links.RemoveAll(link => links.ContainsKey(link.HostEnd));
        _runner.Run(LinkPlans.Replug(sandbox.Links.Where(link =>
            links.TryGetValue(link.HostEnd, out var facts) && facts.Master != links.GetValueOrDefault(link.Network.Bridge)?.Index)));
        if (missing.Length > 0)
        {
            using var prepared = PreparedNamespace.Open(sandbox.NamespacePath);
            _runner.Run(LinkPlans.Plug(sandbox, missing), prepared.Space, prepared.Inside);
        }
    }

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

    /// <summary>The veths of this host whose name begins with <paramref name="prefix"/>.</summary>
    public IReadOnlyList<string> HostEnds(string prefix)
    {
        lock (_lock)
        {
            return [.. LinkQueries.Links(_host).Where(link => link.Kind == "veth" && link.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(link => link.Name)];
        }
    }

    public void RemoveHostEnds(IEnumerable<string> names)
    {
        lock (_lock)
        {
            _runner.Run([.. names.Select(name => new CondemnLink(name))]);
        }

        _reaper.Wake();
    }

    /// <summary>Waits until the links of detached sandboxes are gone from the kernel.</summary>
    public void Settle() => _reaper.Settle();

    /// <summary>The subnets that the host's routes and addresses occupy, but for those of the links in <paramref name="except"/>.</summary>
    public IReadOnlyList<IpSubnet> SubnetsInUse(IReadOnlyCollection<string> except)
    {
        lock (_lock)
        {
            var ignored = LinkQueries.Links(_host).Where(link => except.Contains(link.Name)).Select(link => link.Index).ToHashSet();
            return [.. LinkQueries.SubnetsInUse(_host).Where(used => !ignored.Contains(used.Link)).Select(used => used.Subnet)];
        }
    }

    /// <summary>Removes the bridges, the table and the prepared namespaces. Of use only when no sandbox is left.</summary>
    public void Release(IEnumerable<BridgeNetwork> networks)
    {
        lock (_lock)
        {
            RunAll([.. ForeignChains.Close(_firewall, _table), .. Ruleset.Remove(_table), .. networks.SelectMany(network => LinkPlans.RemoveNetwork(network))]);
            _reaper.Settle();
            _pool?.Dispose();
            _pool = null;
        }
    }

    public void Dispose()
    {
        _pool?.Dispose();
        _reaper.Dispose();
        _host.Dispose();
        _firewall.Dispose();
    }

    private void Undo(SandboxNetwork sandbox, Exception cause)
    {
        try
        {
            RunAll(LinkPlans.Detach(_table, sandbox));
            _reaper.Wake();
        }
        catch (SuiteException e)
        {
            throw new SuiteException(
                (cause as SuiteException)?.Kind ?? ErrorKind.Internal,
                $"{cause.Message}; and undoing it failed: {e.Message}. What is left goes when the sandbox is detached, or at the next start",
                cause);
        }
    }

    /// <summary>Runs the kinds of step one after the other, each whether or not the one before it failed.</summary>
    private void RunAll(ImmutableArray<Step> plan)
    {
        var failures = new List<SuiteException>();
        foreach (var part in plan.GroupBy(step => (step as MessageStep)?.Channel))
        {
            try
            {
                _runner.Run([.. part]);
            }
            catch (SuiteException e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
        {
            throw Together(failures);
        }
    }

    private static SuiteException Together(List<SuiteException> failures) => failures.Count == 1
        ? failures[0]
        : new SuiteException(failures[0].Kind, string.Join("; ", failures.Select(failure => failure.Message)), failures[0]);
}
