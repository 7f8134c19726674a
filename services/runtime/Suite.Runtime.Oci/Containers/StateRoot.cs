using Suite.Linux.Errors;
using Suite.Linux.Handles;

namespace Suite.Runtime.Oci.Containers;

/// <summary>The folder of --root: a folder in it for each container.</summary>
internal sealed class StateRoot(string path)
{
    private const uint OwnerOnly = 0b111_000_000;

    private readonly string _path = System.IO.Path.GetFullPath(path);

    /// <summary>Compiled filters of system calls, one for each profile. No container's id begins with a dot.</summary>
    public string FilterCache => $"{_path}/.filters";

    /// <exception cref="SuiteException">AlreadyExists.</exception>
    public StateFolder Make(string id)
    {
        MakeParents(_path);
        var folder = new StateFolder(PathOf(id));
        if (!folder.TryMake())
            throw new SuiteException(ErrorKind.AlreadyExists, $"create the container {id}: container with given ID already exists in {_path}");
        return folder;
    }

    /// <exception cref="SuiteException">NotFound.</exception>
    public Container Find(string id) => TryFind(id) ?? throw new SuiteException(ErrorKind.NotFound, $"container \"{id}\" does not exist in {_path}");

    public Container? TryFind(string id)
    {
        var folder = new StateFolder(PathOf(id));
        return folder.TryRead() is { } record ? new Container(folder, record) : null;
    }

    public IReadOnlyList<Container> All() =>
        !Directory.Exists(_path)
            ? []
            : [.. Directory.EnumerateDirectories(_path).Order(StringComparer.Ordinal)
                .Where(folder => new StateFolder(folder).HasRecord)
                .Select(folder => TryFind(System.IO.Path.GetFileName(folder))).OfType<Container>()];

    private string PathOf(string id)
    {
        Exec.Plans.Names.CheckId(id, "id");
        return $"{_path}/{id}";
    }

    private static void MakeParents(string path)
    {
        var error = Descriptor.TryMakeDirectory(path, OwnerOnly);
        if (error == ErrnoNames.ENOENT && System.IO.Path.GetDirectoryName(path) is { } parent)
        {
            MakeParents(parent);
            error = Descriptor.TryMakeDirectory(path, OwnerOnly);
        }

        if (error != 0)
            throw new ErrnoException($"make the folder {path}", error);
    }
}
