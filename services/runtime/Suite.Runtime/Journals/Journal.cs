using Suite.Hosting.Journals;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Journals;

/// <summary>What happens to containers and volumes. Kubelet's events are another thing, with statuses in them.</summary>
internal sealed class Journal(TimeProvider time) : EventJournal<Happening>(time)
{
    public void Record(ContainerRecord container, string action, params (string Name, string Value)[] more)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in container.Config.Labels)
            attributes[name] = value;
        (attributes["name"], attributes["image"]) = (container.Name, container.Config.Image);
        Record("container", action, container.Id, attributes, more);
    }

    /// <summary>Each volume of a container, as it becomes a part of its files or no longer is.</summary>
    public void RecordMounts(ContainerRecord container, string action)
    {
        foreach (var mount in container.Config.Mounts.Where(mount => mount.Volume.Length > 0))
            RecordVolume(mount.Volume, action, ("container", container.Id), ("destination", mount.ContainerPath), ("driver", "local"), ("read/write", mount.ReadOnly ? "false" : "true"));
    }

    /// <summary>Of all that went at once. Each of them is told by itself, too.</summary>
    /// <param name="type">container or volume.</param>
    public void RecordPruning(string type, ulong bytes) =>
        Record(type, Actions.Prune, "", new SortedDictionary<string, string>(StringComparer.Ordinal), [("reclaimed", $"{bytes}")]);

    public void RecordVolume(string volume, string action, params (string Name, string Value)[] more) =>
        Record("volume", action, volume, new SortedDictionary<string, string>(StringComparer.Ordinal), more);

    private void Record(string type, string action, string id, SortedDictionary<string, string> attributes, (string Name, string Value)[] more)
    {
        foreach (var (name, value) in more)
            attributes[name] = value;
        Add(at => new Happening(at, type, action, id, attributes));
    }
}
