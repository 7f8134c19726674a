using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Names;
using Suite.Runtime.Pods;

namespace Suite.Runtime.Store;

/// <summary>
/// Every pod and container. Reads come from memory and never wait; each write goes to the database first, so that memory
/// never knows of what a restart would forget, but for what the shims and the image service tell it.
/// </summary>
internal sealed class Inventory : IDisposable
{
    // Longer than most starts take, whose two states are then one write.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(10);

    private readonly Lock _writing = new();
    private readonly GraphDatabase _database;
    private readonly ConcurrentDictionary<string, Pod> _pods = new();
    private readonly ConcurrentDictionary<string, string> _podKeys = new();
    private readonly ConcurrentDictionary<string, ContainerRecord> _containers = new();
    private readonly ConcurrentDictionary<string, string> _containerKeys = new();
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _podContainers = new();

    // By id, what is to be written late, and whether it is not in the database at all.
    private readonly Dictionary<string, bool> _late = [];
    private readonly Timer _writeLate;
    private bool _isDue;

    public Inventory(GraphDatabase database)
    {
        _database = database;
        _writeLate = new Timer(_ => TryWriteLate());
        foreach (var node in database.Nodes(NodeKinds.Pod))
            Remember(JsonSerializer.Deserialize(node.Body, RecordJson.Default.Pod)!);
        foreach (var container in database.Nodes(NodeKinds.Container)
            .Select(node => JsonSerializer.Deserialize(node.Body, RecordJson.Default.ContainerRecord)!).OrderBy(container => container.CreatedAt))
            Remember(container);
    }

    // Enumerated as they are: Values would stop every writer and copy the whole.
    public IEnumerable<Pod> Pods => _pods.Select(pair => pair.Value);

    public IEnumerable<ContainerRecord> Containers => _containers.Select(pair => pair.Value);

    /// <summary>How many pods and containers are known, half-made ones included.</summary>
    public int Count => _pods.Count + _containers.Count;

    public bool TryGetPod(string id, [NotNullWhen(true)] out Pod? pod) => _pods.TryGetValue(id, out pod);

    public bool TryGetContainer(string id, [NotNullWhen(true)] out ContainerRecord? container) => _containers.TryGetValue(id, out container);

    public Pod? PodByKey(string key) => _podKeys.TryGetValue(key, out var id) && TryGetPod(id, out var pod) ? pod : null;

    public ContainerRecord? ContainerByKey(string key) =>
        _containerKeys.TryGetValue(key, out var id) && TryGetContainer(id, out var container) ? container : null;

    /// <summary>Those of one pod, in the order in which they were made.</summary>
    public IReadOnlyList<ContainerRecord> ContainersOf(string podId)
    {
        var found = new List<ContainerRecord>();
        foreach (var id in _podContainers.GetValueOrDefault(podId, []))
        {
            if (_containers.TryGetValue(id, out var container))
                found.Add(container);
        }
        return found;
    }

    /// <summary>Records a new pod. The key must be free.</summary>
    public void Add(Pod pod)
    {
        lock (_writing)
        {
            if (_podKeys.ContainsKey(pod.Metadata.Key))
                throw new SuiteException(ErrorKind.AlreadyExists, $"cannot make pod {pod.Metadata}: its name, uid and attempt are taken by pod {_podKeys[pod.Metadata.Key]}");
            Edge[] edges = [.. pod.Config.Networks.Select(network => new Edge(EdgeKinds.Uses, NodeKinds.Network, $"network:{network}"))];
            _database.Put(ToNode(pod), edges);
            Remember(pod);
        }
    }

    /// <summary>Records a new container with its edge to its pod. The key must be free.</summary>
    public void Add(ContainerRecord container)
    {
        lock (_writing)
        {
            RequireFree(container);
            _database.Put(ToNode(container), EdgesOf(container));
            Remember(container);
        }
    }

    /// <summary>As <see cref="Add(ContainerRecord)"/>, and on disk a moment later, or with its next change: for one whose remains a restart finds elsewhere.</summary>
    public void AddSoon(ContainerRecord container)
    {
        lock (_writing)
        {
            RequireFree(container);
            Remember(container);
            WriteSoon(container.Id, isNew: true);
        }
    }

    /// <summary>Replaces a pod by what the change makes of it, at once and for everybody.</summary>
    /// <returns>The pod after the change; null when it is gone. A change that returns its argument writes nothing.</returns>
    public Pod? UpdatePod(string id, Func<Pod, Pod> change)
    {
        lock (_writing)
        {
            if (!_pods.TryGetValue(id, out var before))
                return null;
            var after = change(before);
            if (ReferenceEquals(before, after))
                return before;
            Rewrite(ToNode(after), NodeKey(before));
            Remember(after);
            return after;
        }
    }

    /// <inheritdoc cref="UpdatePod"/>
    public ContainerRecord? UpdateContainer(string id, Func<ContainerRecord, ContainerRecord> change) => Change(id, change, (before, after) =>
    {
        if (_late.GetValueOrDefault(id) || after.Image.Id != before.Image.Id)
            _database.Put(ToNode(after), EdgesOf(after));
        else
            Rewrite(ToNode(after), NodeKey(before));
        _late.Remove(id);
    });

    /// <summary>
    /// As <see cref="UpdateContainer"/>, and on disk a moment after it is seen: for what a restart learns from the container's shim when it
    /// comes before that.
    /// </summary>
    public ContainerRecord? UpdateContainerSoon(string id, Func<ContainerRecord, ContainerRecord> change) =>
        Change(id, change, (_, _) => WriteSoon(id, isNew: _late.GetValueOrDefault(id)));

    /// <summary>Gives a container of a person another name, which must be free.</summary>
    /// <returns>Null when it is gone.</returns>
    public ContainerRecord? Rename(string id, string name)
    {
        lock (_writing)
        {
            if (!_containers.TryGetValue(id, out var before))
                return null;
            if (_containerKeys.TryGetValue(name, out var owner) && owner != id)
                throw new SuiteException(ErrorKind.AlreadyExists, $"cannot rename container {before.Name} to {name}: the name is taken by container {IdGenerator.Short(owner)}");
            var after = before with { Config = before.Config with { Name = name }, Solo = before.Solo! with { Name = name } };
            _database.Put(ToNode(after));
            _containerKeys.TryRemove(new(before.Key, id));
            Remember(after);
            return after;
        }
    }

    public void RemovePod(string id)
    {
        lock (_writing)
        {
            _database.Delete(id);
            if (_pods.TryRemove(id, out var pod))
                _podKeys.TryRemove(new(pod.Metadata.Key, id));
        }
    }

    public void RemoveContainer(string id)
    {
        lock (_writing)
        {
            _database.Delete(id);
            if (!_containers.TryRemove(id, out var container))
                return;
            _containerKeys.TryRemove(new(container.Key, id));
            var left = _podContainers.GetValueOrDefault(container.PodId, []).Remove(id);
            if (left.IsEmpty)
                _podContainers.TryRemove(container.PodId, out _);
            else
                _podContainers[container.PodId] = left;
        }
    }

    /// <summary>Writes what is not on disk yet.</summary>
    public void Dispose()
    {
        _writeLate.Dispose();
        TryWriteLate();
    }

    private ContainerRecord? Change(string id, Func<ContainerRecord, ContainerRecord> change, Action<ContainerRecord, ContainerRecord> write)
    {
        lock (_writing)
        {
            if (!_containers.TryGetValue(id, out var before))
                return null;
            var after = change(before);
            if (ReferenceEquals(before, after))
                return before;
            write(before, after);
            Remember(after);
            return after;
        }
    }

    private void Rewrite(Node node, string keyBefore)
    {
        if (node.Key == keyBefore)
            _database.PutBody(node);
        else
            _database.Put(node);
    }

    private void RequireFree(ContainerRecord container)
    {
        if (_containerKeys.TryGetValue(container.Key, out var owner))
            throw new SuiteException(ErrorKind.AlreadyExists, $"cannot make container {container.Name}: the name is taken by container {IdGenerator.Short(owner)}; remove that one or choose another name");
    }

    private void WriteSoon(string id, bool isNew)
    {
        _late[id] = isNew;
        if (!_isDue)
            _writeLate.Change(Late, Timeout.InfiniteTimeSpan);
        _isDue = true;
    }

    private void TryWriteLate()
    {
        try
        {
            WriteLate();
        }
        catch (DbException)
        {
            // The disk is full, for example: who writes next is told so. These are tried again with the next of their kind, and a restart
            // asks for them elsewhere.
        }
    }

    private void WriteLate()
    {
        lock (_writing)
        {
            _isDue = false;
            foreach (var (id, isNew) in _late)
            {
                if (!_containers.TryGetValue(id, out var container))
                    continue;
                if (isNew)
                    _database.Put(ToNode(container), EdgesOf(container));
                else
                    _database.PutBody(ToNode(container));
            }
            _late.Clear();
        }
    }

    private Edge[] EdgesOf(ContainerRecord container) =>
    [
        .. container.Image.Id.Length > 0 ? [new Edge(EdgeKinds.Uses, NodeKinds.Image, container.Image.Id)] : Array.Empty<Edge>(),
        new(EdgeKinds.Uses, NodeKinds.Pod, container.PodId),
        .. container.Config.Mounts.Where(mount => mount.Volume.Length > 0).Select(mount => new Edge(EdgeKinds.Uses, NodeKinds.Volume, $"volume:{mount.Volume}")).Distinct(),
        .. (container.Solo?.Links ?? []).Select(link => _containerKeys.GetValueOrDefault(link.Container) ?? link.Container).Distinct()
            .Select(target => new Edge(EdgeKinds.Links, NodeKinds.Container, target)),
    ];

    private void Remember(Pod pod)
    {
        _pods[pod.Id] = pod;
        if (pod.HasGivenUpName)
            _podKeys.TryRemove(new(pod.Metadata.Key, pod.Id));
        else
            _podKeys[pod.Metadata.Key] = pod.Id;
    }

    private void Remember(ContainerRecord container)
    {
        if (!_containers.ContainsKey(container.Id))
            _podContainers[container.PodId] = _podContainers.GetValueOrDefault(container.PodId, []).Add(container.Id);
        _containers[container.Id] = container;
        if (container.State.HasGivenUpName())
            _containerKeys.TryRemove(new(container.Key, container.Id));
        else
            _containerKeys[container.Key] = container.Id;
    }

    private static Node ToNode(Pod pod) => new(
        pod.Id,
        NodeKinds.Pod,
        NodeKey(pod),
        JsonSerializer.SerializeToUtf8Bytes(pod, RecordJson.Default.Pod));

    private static Node ToNode(ContainerRecord container) => new(
        container.Id,
        NodeKinds.Container,
        NodeKey(container),
        JsonSerializer.SerializeToUtf8Bytes(container, RecordJson.Default.ContainerRecord));

    private static string NodeKey(Pod pod) => pod.HasGivenUpName ? pod.Id : pod.Metadata.Key;

    private static string NodeKey(ContainerRecord container) => container.State.HasGivenUpName() ? container.Id : container.Key;
}
