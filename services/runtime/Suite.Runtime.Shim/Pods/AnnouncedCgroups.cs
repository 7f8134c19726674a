using Suite.Linux.Cgroups;
using Suite.Linux.Errors;

namespace Suite.Runtime.Shim.Pods;

/// <summary>Cgroups that were made before their containers. They stay listed until the container is deleted: it may never start.</summary>
internal sealed class AnnouncedCgroups
{
    private readonly List<(string Id, Cgroup Cgroup)> _cgroups = [];

    /// <param name="podPath">Only what is below the pod's own is made ahead, as only that is sure to go with the pod.</param>
    public void Make(string id, Cgroup cgroup, string podPath)
    {
        if (!cgroup.Path.StartsWith(podPath + "/", StringComparison.Ordinal) || _cgroups.Exists(known => known.Id == id))
            return;
        _cgroups.Add((id, cgroup));
        try
        {
            cgroup.Make();
        }
        catch (SuiteException)
        {
            Remove(id);
            throw;
        }
    }

    /// <summary>An unknown one is no error, nor is one that its container has removed.</summary>
    public void Remove(string id)
    {
        var index = _cgroups.FindIndex(known => known.Id == id);
        if (index < 0)
            return;
        _cgroups[index].Cgroup.Remove();
        _cgroups.RemoveAt(index);
    }

    public void RemoveAll()
    {
        foreach (var (_, cgroup) in _cgroups)
            cgroup.Remove();
        _cgroups.Clear();
    }
}
