using System.Text.Json;
using Suite.Linux.Errors;

namespace Suite.Runtime.CdiDevices;

/// <summary>
/// The folders in which vendors describe their devices. Read at each use: a driver that is installed or restarted writes its
/// file anew, and containers with such devices are few.
/// </summary>
internal sealed class CdiFolders(RuntimeOptions options)
{
    // Not the value that the setting begins with: the binder of settings adds to an array, it does not replace it.
    private static readonly string[] Usual = ["/etc/cdi", "/var/run/cdi"];

    private readonly string[] _folders = options.CdiFolders is { Length: > 0 } given ? given : Usual;

    /// <summary>What each named device changes, first the device's own edits and then, once, those of its file.</summary>
    /// <exception cref="SuiteException">A device is in no file, or its file cannot be read.</exception>
    public IReadOnlyList<CdiEdits> EditsOf(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return [];
        var files = new Dictionary<string, CdiSpec>();
        var edits = new List<CdiEdits>();
        var used = new HashSet<string>();
        for (var i = 0; i < names.Count; i++)
        {
            var name = CdiName.Parse(names[i], $"config.CDI_devices[{i}].name");
            var (path, spec, device) = Find(name, files);
            edits.Add(device.ContainerEdits);
            if (used.Add(path))
                edits.Add(spec.ContainerEdits);
        }
        return edits;
    }

    // A later folder rules over one before it: /var/run over /etc. Two files of one folder that claim a device contradict each other.
    private (string Path, CdiSpec Spec, CdiDevice Device) Find(CdiName name, Dictionary<string, CdiSpec> files)
    {
        var unread = new List<string>();
        foreach (var folder in _folders.AsEnumerable().Reverse().Where(Directory.Exists))
        {
            var found = new List<(string, CdiSpec, CdiDevice)>();
            foreach (var path in Directory.GetFiles(folder).Where(IsSpec).Order(StringComparer.Ordinal))
            {
                if (Read(path, files, unread) is { } spec && spec.Kind == name.Kind && spec.Devices.FirstOrDefault(device => device.Name == name.Device) is { } device)
                    found.Add((path, spec, device));
            }
            if (found.Count > 1)
                throw new SuiteException(ErrorKind.FailedPrecondition, $"device {name}: both {found[0].Item1} and {found[1].Item1} describe it; remove one of them");
            if (found.Count == 1)
                return found[0];
        }
        var hint = unread.Count > 0 ? $"; these could not be read: {string.Join("; ", unread)}" : "";
        throw new SuiteException(ErrorKind.NotFound, $"device {name}: no file in {string.Join(" or ", _folders)} describes it{hint}");
    }

    // One vendor's broken file must not keep back another vendor's devices.
    private static CdiSpec? Read(string path, Dictionary<string, CdiSpec> files, List<string> unread)
    {
        if (files.TryGetValue(path, out var known))
            return known;
        try
        {
            var text = File.ReadAllText(path);
            var json = path.EndsWith(".json", StringComparison.Ordinal) ? text : YamlText.ToJson(text);
            return files[path] = JsonSerializer.Deserialize(json, CdiJson.Default.CdiSpec) ?? new CdiSpec();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or SuiteException)
        {
            unread.Add($"{path} ({failure.Message})");
            return null;
        }
    }

    private static bool IsSpec(string path) => Path.GetExtension(path) is ".json" or ".yaml" or ".yml";
}
