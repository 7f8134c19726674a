using System.Text.Json;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Linux.Files;
using Suite.Runtime.Containers;
using Suite.Runtime.Journals;
using Suite.Runtime.Names;
using Suite.Runtime.Store;

namespace Suite.Runtime.Volumes;

/// <summary>Every volume: a node of the graph, and ROOT/runtime/volumes/NAME/data. Who uses one is read from the containers.</summary>
internal sealed class VolumeStore(GraphDatabase database, Inventory inventory, SuitePaths paths, Journal journal, TimeProvider time)
{
    private readonly Lock _guard = new();

    public IReadOnlyList<Volume> All() => [.. database.Nodes(NodeKinds.Volume)
        .Select(node => JsonSerializer.Deserialize(node.Body, RecordJson.Default.Volume)!).OrderBy(volume => volume.Name, StringComparer.Ordinal)];

    public Volume Find(string name) =>
        All().FirstOrDefault(volume => volume.Name == name) ?? throw new SuiteException(ErrorKind.NotFound, $"no volume {name} is here");

    public string PathOf(string name) => Path.Combine(FolderOf(name), "data");

    public IReadOnlyList<ContainerRecord> UsersOf(string name) =>
        [.. inventory.Containers.Where(container => container.Config.Mounts.Any(mount => mount.Volume == name))];

    /// <summary>Makes it, if it is not there.</summary>
    public Volume Ensure(string name, bool anonymous, IReadOnlyDictionary<string, string> labels)
    {
        lock (_guard)
        {
            if (All().FirstOrDefault(volume => volume.Name == name) is { } existing)
                return existing;
            name = name.Length > 0 ? name : IdGenerator.New();
            var volume = new Volume(name, time.NowNanoseconds(), anonymous) { Labels = labels };
            // The folder first: a node without one would be a volume that cannot be mounted.
            Directory.CreateDirectory(PathOf(name));
            database.Put(new Node(IdOf(name), NodeKinds.Volume, name, JsonSerializer.SerializeToUtf8Bytes(volume, RecordJson.Default.Volume)));
            journal.RecordVolume(name, Actions.Create);
            return volume;
        }
    }

    /// <summary>Removes it with its files. Used is FAILED_PRECONDITION.</summary>
    public void Remove(string name)
    {
        lock (_guard)
        {
            Find(name);
            if (UsersOf(name) is [var user, ..])
                throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot remove volume {name}: container {user.Name} uses it");
            FileTree.Remove(FolderOf(name));
            database.Delete(IdOf(name));
            journal.RecordVolume(name, Actions.Destroy);
        }
    }

    /// <summary>For who undoes a create, or removes a container with its volumes: used or gone is no error.</summary>
    public void RemoveUnused(string name)
    {
        lock (_guard)
        {
            if (All().Any(volume => volume.Name == name) && UsersOf(name).Count == 0)
                Remove(name);
        }
    }

    /// <returns>Those that went, and their bytes.</returns>
    public (IReadOnlyList<string> Names, ulong Bytes) Prune(bool all, Func<Volume, bool> matches)
    {
        var (removed, bytes) = (new List<string>(), 0UL);
        foreach (var volume in All().Where(volume => (all || volume.Anonymous) && matches(volume) && UsersOf(volume.Name).Count == 0))
        {
            var size = (ulong)FileTree.Usage(PathOf(volume.Name)).Bytes;
            Remove(volume.Name);
            removed.Add(volume.Name);
            bytes += size;
        }
        journal.RecordPruning("volume", bytes);
        return (removed, bytes);
    }

    private static string IdOf(string name) => $"volume:{name}";

    private string FolderOf(string name) => Path.Combine(paths.StateDirectory("runtime"), "volumes", name);
}
