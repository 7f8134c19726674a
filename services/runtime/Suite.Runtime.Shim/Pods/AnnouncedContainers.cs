using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Loops;

namespace Suite.Runtime.Shim.Pods;

/// <summary>
/// What was made for containers before there was anything to start: a cgroup, and often an init that awaits its plan. They stay listed
/// until the container is deleted: it may never start.
/// </summary>
internal sealed class AnnouncedContainers(ChildReaper reaper) : ITimed
{
    /// <summary>A start comes within milliseconds, or somebody has other plans: a process is not kept for that.</summary>
    private const int LongestWait = 10_000;

    private readonly Dictionary<string, Announced> _containers = [];

    public long? Deadline { get; private set; }

    /// <param name="podPath">Only what is below the pod's own is made ahead, as only that is sure to go with the pod.</param>
    /// <param name="head">What an init can do already; null: nothing.</param>
    public void Make(string id, CgroupHost host, Cgroup cgroup, CgroupLimits limits, string podPath, CloneRequest? head, WireReader steps)
    {
        if (!cgroup.Path.StartsWith(podPath + "/", StringComparison.Ordinal) || !_containers.TryAdd(id, new Announced(cgroup)))
            return;
        try
        {
            var ready = ReadyCgroup.Make(host, cgroup, limits);
            _containers[id].Ready = ready;
            if (head?.MayBeginAhead != true || head.CgroupPath != cgroup.Path)
                return;
            _containers[id].Init = WaitingInit.Start(host, head, steps, ready, reaper);
            Deadline = Environment.TickCount64 + LongestWait;
            // The init has them.
            _containers[id].Ready = null;
            ready.Close();
        }
        catch (SuiteException)
        {
            Remove(id);
            throw;
        }
    }

    /// <summary>That of a container which starts now, once; the caller closes or ends it. Null: there is none at that path.</summary>
    public (ReadyCgroup? Ready, WaitingInit? Init) Take(string id, string path) =>
        _containers.TryGetValue(id, out var known) && known.Cgroup.Path == path ? known.Take() : default;

    /// <summary>An unknown one is no error, nor is one that its container has removed.</summary>
    public void Remove(string id)
    {
        if (!_containers.Remove(id, out var known))
            return;
        var (ready, init) = known.Take();
        ready?.Close();
        init?.End();
        known.Cgroup.Remove();
    }

    public void RemoveAll()
    {
        foreach (var id in _containers.Keys.ToArray())
            Remove(id);
    }

    /// <summary>Nothing has been announced for a while: what waits has waited for longer.</summary>
    public void Expire()
    {
        Deadline = null;
        foreach (var container in _containers.Values)
        {
            container.Init?.End();
            container.Init = null;
        }
    }

    private sealed class Announced(Cgroup cgroup)
    {
        public Cgroup Cgroup => cgroup;

        public ReadyCgroup? Ready { get; set; }

        public WaitingInit? Init { get; set; }

        public (ReadyCgroup? Ready, WaitingInit? Init) Take()
        {
            var taken = (Ready, Init);
            (Ready, Init) = (null, null);
            return taken;
        }
    }
}
