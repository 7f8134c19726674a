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

    public void RecordVolume(string volume, string action, params (string Name, string Value)[] more) =>
        Record("volume", action, volume, new SortedDictionary<string, string>(StringComparer.Ordinal), more);

    private void Record(string type, string action, string id, SortedDictionary<string, string> attributes, (string Name, string Value)[] more)
    {
        foreach (var (name, value) in more)
            attributes[name] = value;
        Add(at => new Happening(at, type, action, id, attributes));
    }
}
