using Suite.Linux.Errors;

namespace Suite.Image.Graph.Drivers;

/// <summary>
/// Which layers the root file systems stand on: a small file for each root, so that it is known after a restart, and in memory. Who calls
/// a driver knows it too; but a layer taken from under a running container is such damage that both look.
/// </summary>
internal sealed class RootLayers
{
    private readonly string _folder;
    private readonly Dictionary<string, string[]> _layers = [];

    public RootLayers(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(folder)) _layers[Path.GetFileName(file)] = File.ReadAllLines(file);
    }

    /// <summary>To be called before a root can be found.</summary>
    public void Set(string key, IReadOnlyList<string> layers)
    {
        lock (_layers)
        {
            if (_layers.TryGetValue(key, out var known) && known.SequenceEqual(layers)) return;
            File.WriteAllLines(Path.Combine(_folder, LayerId.Checked(key)), layers);
            _layers[key] = [.. layers];
        }
    }

    /// <summary>To be called when a root cannot be found any more.</summary>
    public void Forget(string key)
    {
        lock (_layers)
        {
            File.Delete(Path.Combine(_folder, LayerId.Checked(key)));
            _layers.Remove(key);
        }
    }

    /// <exception cref="SuiteException">FailedPrecondition: a root stands on the layer.</exception>
    public void RequireUnused(string layer)
    {
        lock (_layers)
        {
            if (_layers.FirstOrDefault(root => root.Value.Contains(layer)).Key is { } user)
                throw new SuiteException(ErrorKind.FailedPrecondition, $"The layer {layer} is used by the root file system '{user}': remove that first.");
        }
    }

    /// <summary>Forgets roots that a killed process has removed, or never made.</summary>
    public void Recover(IReadOnlyCollection<string> roots)
    {
        foreach (var gone in _layers.Keys.Except(roots).ToArray()) Forget(gone);
    }
}
