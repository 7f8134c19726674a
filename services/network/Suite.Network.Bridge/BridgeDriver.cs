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
public sealed partial class BridgeDriver : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _table;
    private readonly NetlinkSocket _host;
    private readonly NetlinkSocket _firewall;
    private readonly PlanRunner _runner;
    private readonly int _spareNamespaces;
    private readonly LinkReaper _reaper = new();
    private ReadyPool<PreparedNamespace>? _readySpaces;
    private ReadyLinks? _readyLinks;

    /// <param name="instance">Names the table of the firewall and begins the names of links.</param>
    /// <param name="spareNamespaces">How many namespaces to keep prepared, of each kind that is asked for.</param>
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
            foreach (var network in networks)
            {
                _runner.Forget(network.Bridge);
            }

            _runner.Run([.. networks.SelectMany(network => LinkPlans.AddNetwork(network))]);
            foreach (var network in networks)
            {
                _runner.Remember(network.Bridge);
            }

            _runner.Run(Ruleset.Replace(_table, networks, ports));
            TryHush(Hush.Replace(_table));
            _runner.Run(ForeignChains.Open(_firewall, _table));
        }
    }

    /// <summary>Keeps links on this network ready for sandboxes to come, and no others.</summary>
    public void KeepReady(BridgeNetwork network)
    {
        lock (_lock)
        {
            _readyLinks?.Dispose();
            _readyLinks = new ReadyLinks(_table, network, _spareNamespaces);
        }
    }

    /// <summary>A name for the host's end of the first link of a sandbox to be, by which <see cref="Attach(SandboxNetwork)"/> finds a link that is ready.</summary>
    public string NameFirstLink(string bridge)
    {
        lock (_lock)
        {
            return (_readyLinks?.Network.Bridge == bridge ? _readyLinks.Promise() : null) ?? NameLink();
        }
    }

    /// <summary>A name for the host's end of any other link.</summary>
    public string NameLink() => HostEnd.NewName(_table);

    /// <summary>A name is not needed after all.</summary>
    public void ForgetLink(string hostEnd)
    {
        lock (_lock)
        {
            _readyLinks?.Forget(hostEnd);
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
                _runner.Forget(network.Bridge);
                _runner.Run([.. LinkPlans.AddNetwork(network), .. Ruleset.AddNetwork(_table, network)]);
                _runner.Remember(network.Bridge);
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
            if (_readyLinks?.Network.Bridge == network.Bridge)
            {
                _readyLinks.Dispose();
                _readyLinks = null;
            }

            _runner.Forget(network.Bridge);
            _runner.Run([.. Ruleset.RemoveNetwork(_table, network), .. LinkPlans.RemoveNetwork(network)]);
        }
    }

    /// <summary>Makes a sandbox's namespace, links and ports. When it fails, nothing of them is left.</summary>
    public void Attach(SandboxNetwork sandbox)
    {
        if (TakeReady(sandbox) is not { } ready)
        {
            Attach(sandbox, LinkPlans.Attach(_table, sandbox), TakeSpace(sandbox));
            return;
        }

        try
        {
            Attach(sandbox, LinkPlans.Attach(_table, sandbox, isPrepared: true), ready);
        }
        catch (ErrnoException e) when (e.Errno == ErrnoNames.ENODEV)
        {
            // Somebody has removed the link, or its bridge, while it waited.
            _reaper.Settle();
            Attach(sandbox, LinkPlans.Attach(_table, sandbox), TakeSpace(sandbox));
        }
    }

    internal void Attach(SandboxNetwork sandbox, ImmutableArray<Step> plan) => Attach(sandbox, plan, TakeReady(sandbox) ?? TakeSpace(sandbox));

    private void Attach(SandboxNetwork sandbox, ImmutableArray<Step> plan, PreparedNamespace space)
    {
        using var prepared = space;
        lock (_lock)
        {
            try
            {
                _runner.Run(plan, prepared);
            }
            catch (Exception e)
            {
                Undo(sandbox, e);
                throw;
            }
        }
    }

    private PreparedNamespace? TakeReady(SandboxNetwork sandbox) => sandbox.Links.IsEmpty ? null : _readyLinks?.Take(sandbox.Links[0].HostEnd);

    /// <summary>
    /// Those without links, and those on networks that nothing is kept ready for, have bare namespaces ready from the second one on. Where
    /// links are kept ready and have run out, so would they have.
    /// </summary>
    private PreparedNamespace TakeSpace(SandboxNetwork sandbox)
    {
        if (!sandbox.Links.IsEmpty && sandbox.Links[0].Network.Bridge == _readyLinks?.Network.Bridge)
        {
            return PreparedNamespace.Create();
        }

        lock (_lock)
        {
            _readySpaces ??= new ReadyPool<PreparedNamespace>(_spareNamespaces, PreparedNamespace.Create);
        }

        return _readySpaces.TryTake() ?? PreparedNamespace.Create();
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
                _runner.Run(LinkPlans.Plug(sandbox, [link]), prepared);
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
            _runner.Run(LinkPlans.Unplug(rest, link), prepared);
        }
    }

    /// <summary>Leads nobody to these ports any more.</summary>
    public void Unpublish(IReadOnlyCollection<PublishedPort> ports)
    {
        lock (_lock)
        {
            _runner.Run(Ruleset.RemovePorts(_table, ports));
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
            _runner.Run(LinkPlans.Plug(sandbox, missing), prepared);
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

    /// <summary>Removes the bridges, the table and the prepared namespaces. Of use only when no sandbox is left.</summary>
    public void Release(IReadOnlyCollection<BridgeNetwork> networks)
    {
        lock (_lock)
        {
            _readyLinks?.Dispose();
            _readyLinks = null;
            foreach (var network in networks)
            {
                _runner.Forget(network.Bridge);
            }

            TryHush(Hush.Remove(_table));
            RunAll([.. ForeignChains.Close(_firewall, _table), .. Ruleset.Remove(_table), .. networks.SelectMany(network => LinkPlans.RemoveNetwork(network))]);
            _reaper.Settle();
            _readySpaces?.Dispose();
            _readySpaces = null;
        }
    }

    public void Dispose()
    {
        _readyLinks?.Dispose();
        _readySpaces?.Dispose();
        _reaper.Dispose();
        _host.Dispose();
        _firewall.Dispose();
    }

    /// <summary>A kernel without nf_tables for bridges does without.</summary>
    private void TryHush(ImmutableArray<Step> plan)
    {
        try
        {
            _runner.Run(plan);
        }
        catch (ErrnoException)
        {
        }
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
