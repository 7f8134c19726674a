using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Runtime.Exec.Inits;

namespace Suite.Runtime.Shim.Pods;

/// <summary>Cgroups that were made before their containers. They stay listed until the container is deleted: it may never start.</summary>
internal sealed class AnnouncedCgroups
{
    private readonly Dictionary<string, (Cgroup Cgroup, ReadyCgroup? Ready)> _cgroups = [];

    /// <param name="podPath">Only what is below the pod's own is made ahead, as only that is sure to go with the pod.</param>
    public void Make(string id, CgroupHost host, Cgroup cgroup, CgroupLimits limits, string podPath)
    {
        if (!cgroup.Path.StartsWith(podPath + "/", StringComparison.Ordinal) || !_cgroups.TryAdd(id, (cgroup, null)))
            return;
        try
        {
            _cgroups[id] = (cgroup, ReadyCgroup.Make(host, cgroup, limits));
        }
        catch (SuiteException)
        {
            Remove(id);
            throw;
        }
    }

    /// <summary>That of a container which starts now, once; the caller closes it. Null: there is none at that path.</summary>
    public ReadyCgroup? Take(string id, string path)
    {
        if (!_cgroups.TryGetValue(id, out var known) || known.Cgroup.Path != path)
            return null;
        _cgroups[id] = (known.Cgroup, null);
        return known.Ready;
    }

    /// <summary>An unknown one is no error, nor is one that its container has removed.</summary>
    public void Remove(string id)
    {
        if (!_cgroups.Remove(id, out var known))
            return;
        known.Ready?.Close();
        known.Cgroup.Remove();
    }

    public void RemoveAll()
    {
        foreach (var id in _cgroups.Keys.ToArray())
            Remove(id);
    }
}
