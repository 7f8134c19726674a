using System.Collections.Concurrent;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Netlink;
using Suite.Network.Bridge.Plans;

namespace Suite.Network.Bridge.Namespaces;

/// <summary>
/// Namespaces with a first link on one network, made in advance: on a bridge with hundreds of ports a new one takes the kernel
/// longer than all else of an attach. What has no sandbox yet has no address either, and goes with this process.
/// </summary>
internal sealed class ReadyLinks : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _hostEnds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ReadyLink> _promised = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly NetlinkSocket _host = NetlinkSocket.OpenRoute();
    private readonly PlanRunner _runner;
    private readonly ReadyPool<ReadyLink> _pool;

    public ReadyLinks(string instance, BridgeNetwork network, int spare)
    {
        Network = network;
        _runner = new PlanRunner(_host, _host);
        _pool = new ReadyPool<ReadyLink>(spare, () => Create(HostEnd.NewName(instance)));
    }

    public BridgeNetwork Network { get; }

    /// <summary>Whether this end of a link waits for a sandbox, or for the attachment to be recorded that it is promised to.</summary>
    public bool Has(string hostEnd) => _hostEnds.ContainsKey(hostEnd);

    /// <summary>Sets one aside, to be taken by the name of its end once that is recorded. Null: none is ready.</summary>
    public string? Promise()
    {
        if (_pool.TryTake() is not { } ready)
        {
            return null;
        }

        _promised[ready.HostEnd] = ready;
        return ready.HostEnd;
    }

    public PreparedNamespace? Take(string hostEnd)
    {
        if (!_promised.TryRemove(hostEnd, out var ready))
        {
            return null;
        }

        _hostEnds.TryRemove(hostEnd, out _);
        return ready.Release();
    }

    /// <summary>Removes one that was promised and is not wanted after all.</summary>
    public void Forget(string hostEnd)
    {
        if (_promised.TryRemove(hostEnd, out var ready))
        {
            ready.Dispose();
        }
    }

    public void Dispose()
    {
        _pool.Dispose();
        foreach (string hostEnd in _promised.Keys)
        {
            Forget(hostEnd);
        }

        TryRun(new DeleteCondemned());
        _host.Dispose();
    }

    private ReadyLink Create(string hostEnd)
    {
        var prepared = PreparedNamespace.Create();
        _hostEnds[hostEnd] = true;
        var ready = new ReadyLink(hostEnd, prepared, Gone);
        try
        {
            lock (_lock)
            {
                _runner.Run(LinkPlans.Prepare(hostEnd, Network), prepared);
            }

            prepared.Indexes[SandboxLink.First] = LinkQueries.IndexOf(prepared.Inside, SandboxLink.First);
            return ready;
        }
        catch
        {
            ready.Dispose();
            throw;
        }
    }

    private void Gone(string hostEnd)
    {
        TryRun(new CondemnLink(hostEnd));
        _hostEnds.TryRemove(hostEnd, out _);
    }

    /// <summary>The link goes with its namespace in any case, but in the background: whoever waits for this is to find nothing left.</summary>
    private void TryRun(Step step)
    {
        try
        {
            lock (_lock)
            {
                _runner.Run([step]);
            }
        }
        catch (SuiteException)
        {
        }
    }
}

/// <summary>One of them: disposing it removes the link, unless the namespace was taken out of it.</summary>
internal sealed class ReadyLink(string hostEnd, PreparedNamespace prepared, Action<string> gone) : IDisposable
{
    private PreparedNamespace? _prepared = prepared;

    public string HostEnd => hostEnd;

    public PreparedNamespace Release()
    {
        var released = _prepared!;
        _prepared = null;
        return released;
    }

    public void Dispose()
    {
        if (_prepared is not null)
        {
            gone(hostEnd);
            Release().Dispose();
        }
    }
}
