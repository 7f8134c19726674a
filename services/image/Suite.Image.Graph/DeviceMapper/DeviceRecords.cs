using System.Globalization;
using Suite.Image.Graph.Drivers;
using Suite.Linux.Errors;
using Suite.Linux.Storage;

namespace Suite.Image.Graph.DeviceMapper;

/// <summary>
/// Which thin device is what: a small file each, named by what it is, so that one rename makes a draft a layer. What a file says is
/// on the disk before the pool is told.
/// </summary>
internal sealed class DeviceRecords
{
    public const string Base = "base";
    private const string LayerPrefix = "layer-";
    private const string RootfsPrefix = "rootfs-";
    private const string DraftPrefix = "draft-";
    private const string TrashPrefix = "trash-";

    private readonly string _folder;
    private readonly string _transaction;

    public DeviceRecords(string root)
    {
        _folder = Path.Combine(root, "devices");
        _transaction = Path.Combine(root, "transaction");
        Directory.CreateDirectory(_folder);
        foreach (var half in Directory.EnumerateFiles(_folder, "*.new")) File.Delete(half); // a write that was cut off
    }

    public static string Layer(string id) => LayerPrefix + LayerId.Checked(id);

    public static string Rootfs(string key) => RootfsPrefix + LayerId.Checked(key);

    public static string NewDraft() => $"{DraftPrefix}{Guid.NewGuid():N}";

    public bool Has(string name) => File.Exists(PathOf(name));

    public IReadOnlyList<string> Layers() => Named(LayerPrefix);

    public IReadOnlyList<string> Rootfses() => Named(RootfsPrefix);

    /// <summary>Every record, by its name.</summary>
    public IReadOnlyDictionary<string, DeviceRecord> All() => Read("*");

    /// <summary>Those that are to be deleted.</summary>
    public IReadOnlyDictionary<string, DeviceRecord> Trash() => Read(TrashPrefix + "*");

    public DeviceRecord? Find(string name)
    {
        var path = PathOf(name);
        try
        {
            return DeviceRecord.Parse(File.ReadAllText(path), path);
        }
        catch (FileNotFoundException)
        {
            return null; // also one that was renamed a moment ago
        }
    }

    public void Write(string name, DeviceRecord record)
    {
        WriteFile(PathOf(name), record.ToString());
        DirectoryFlush.Flush(_folder);
    }

    /// <summary>Turns one record into another kind, with what else is known of it by now. One step, and on the disk.</summary>
    public void Rename(string from, string to, DeviceRecord record)
    {
        WriteFile(PathOf(from), record.ToString());
        File.Move(PathOf(from), PathOf(to));
        DirectoryFlush.Flush(_folder);
    }

    /// <summary>From now on it is to be deleted, whatever happens.</summary>
    public void Discard(string name)
    {
        if (!Has(name)) return;
        File.Move(PathOf(name), PathOf($"{TrashPrefix}{Guid.NewGuid():N}"));
        DirectoryFlush.Flush(_folder);
    }

    public void Remove(string name) => File.Delete(PathOf(name));

    public static bool IsTrash(string name) => name.StartsWith(TrashPrefix, StringComparison.Ordinal);

    public static bool IsDraft(string name) => name.StartsWith(DraftPrefix, StringComparison.Ordinal);

    /// <summary>The transaction id that the pool has or is about to get; null before the first.</summary>
    public ulong? PlannedTransaction
    {
        get => File.Exists(_transaction) && ulong.TryParse(File.ReadAllText(_transaction), CultureInfo.InvariantCulture, out var id) ? id : null;
        set
        {
            WriteFile(_transaction, (value ?? 0).ToString(CultureInfo.InvariantCulture));
            DirectoryFlush.Flush(Path.GetDirectoryName(_transaction)!);
        }
    }

    private Dictionary<string, DeviceRecord> Read(string pattern)
    {
        var found = new Dictionary<string, DeviceRecord>();
        foreach (var name in Directory.EnumerateFiles(_folder, pattern).Select(f => Path.GetFileName(f)!).Where(n => !n.EndsWith(".new", StringComparison.Ordinal)))
            if (Find(name) is { } record) found[name] = record;
        return found;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private string[] Named(string prefix) => [.. Directory.EnumerateFiles(_folder, prefix + "*").Select(f => Path.GetFileName(f)![prefix.Length..]).Where(n => !n.EndsWith(".new", StringComparison.Ordinal))];

    private static void WriteFile(string path, string text)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
