using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Suite.E2e.Tests.Builds;

/// <summary>An image as a docker archive holds it, whoever made it: its layers applied, its configuration.</summary>
internal sealed class BuiltTree
{
    /// <summary>What runtimes make to mount on, and engines leave behind or not.</summary>
    private static readonly string[] MountPoints = ["dev", "proc", "sys", "etc/hosts", "etc/hostname", "etc/resolv.conf", "run/.containerenv", "run/secrets", "run"];

    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    private BuiltTree(JsonNode config) => Config = config;

    public JsonNode Config { get; }

    /// <summary>A line a file: path, type, mode, owner, content.</summary>
    public IReadOnlyList<string> Files => [.. _files.Where(f => !IsLeftMountPoint(f.Key, f.Value)).Select(f => $"{f.Key} {f.Value}")];

    public static BuiltTree Read(string path)
    {
        var entries = new Dictionary<string, byte[]>();
        var links = new Dictionary<string, string>();
        using (var stream = File.OpenRead(path))
        using (var archive = new TarReader(stream))
        {
            while (archive.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                    links[entry.Name] = Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(entry.Name)!, entry.LinkName)).TrimStart('/');
                else if (entry.DataStream is { } data)
                    entries[entry.Name] = Bytes(data);
            }
        }

        byte[] Content(string name) => entries.TryGetValue(name, out var found) ? found : entries[links[name]];
        var manifest = JsonNode.Parse(Content("manifest.json"))![0]!;
        var tree = new BuiltTree(JsonNode.Parse(Content((string)manifest["Config"]!))!["config"]!);
        foreach (var layer in manifest["Layers"]!.AsArray()) tree.Apply(Content((string)layer!));
        return tree;
    }

    /// <summary>What a caller of either engine sees of a configuration, in one form.</summary>
    public IReadOnlyList<string> Settings()
    {
        var lines = new List<string>();
        foreach (var name in new[] { "User", "WorkingDir", "StopSignal", "Env", "Cmd", "Entrypoint", "ExposedPorts", "Volumes", "Labels", "Shell", "OnBuild", "Healthcheck" })
        {
            var value = Config[name]?.DeepClone();
            if (value is JsonObject labels && name == "Labels") labels.Remove("io.buildah.version");
            if (value is JsonObject map) value = new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
            var text = value?.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "";
            lines.Add($"{name} {(text is "null" or "[]" or "{}" or "\"\"" || (name == "WorkingDir" && text == "\"/\"") ? "" : text)}");
        }

        return lines;
    }

    private void Apply(byte[] layer)
    {
        using Stream stream = layer is [0x1f, 0x8b, ..] ? new GZipStream(new MemoryStream(layer), CompressionMode.Decompress) : new MemoryStream(layer);
        using var archive = new TarReader(stream);
        while (archive.GetNextEntry() is { } entry)
        {
            var path = entry.Name.Trim('/');
            if (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
            if (path.Length == 0 || path == ".") continue;
            var name = Path.GetFileName(path);
            var folder = Path.GetDirectoryName(path)!;
            if (name == ".wh..wh..opq") Remove(folder, itself: false);
            else if (name.StartsWith(".wh.", StringComparison.Ordinal)) Remove(Path.Combine(folder, name[4..]), itself: true);
            else Put(path, entry);
        }
    }

    private void Put(string path, TarEntry entry)
    {
        if (entry.EntryType != TarEntryType.Directory) Remove(path, itself: true);
        var attributes = $"{Convert.ToString((int)entry.Mode & 0xFFF, 8)} {entry.Uid}:{entry.Gid}";
        _files[path] = entry.EntryType switch
        {
            TarEntryType.Directory => $"d {attributes}",
            TarEntryType.SymbolicLink => $"l {entry.Uid}:{entry.Gid} {entry.LinkName}",
            TarEntryType.HardLink => _files[entry.LinkName.Trim('/')],
            _ => $"f {attributes} {Convert.ToHexStringLower(SHA256.HashData(entry.DataStream is null ? [] : Bytes(entry.DataStream)))[..16]}",
        };
    }

    private void Remove(string path, bool itself)
    {
        foreach (var gone in _files.Keys.Where(k => (itself && k == path) || k.StartsWith(path + "/", StringComparison.Ordinal)).ToArray()) _files.Remove(gone);
    }

    private bool IsLeftMountPoint(string path, string file) =>
        MountPoints.Contains(path) && (file[0] == 'd' ? _files.Keys.All(k => !k.StartsWith(path + "/", StringComparison.Ordinal) || IsLeftMountPoint(k, _files[k])) : file.EndsWith("e3b0c44298fc1c14", StringComparison.Ordinal));

    private static byte[] Bytes(Stream stream)
    {
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
