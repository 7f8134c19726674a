using System.Text;
using System.Text.Json.Nodes;
using Suite.Hosting;
using Suite.Linux.Errors;
using Suite.Linux.Files;

namespace Suite.Network.Plugins;

/// <summary>
/// The folder of network lists. It is looked at whenever somebody wants to know, by the inodes, sizes and times of its files:
/// that costs some microseconds and misses nothing, while a watch loses a folder that is removed and made again, a file that is
/// moved in, or what happens between the event and the reading.
/// </summary>
internal sealed partial class PluginFolder(NetworkOptions options, SuitePaths paths, ILogger<PluginFolder> logger)
{
    private static readonly string[] Endings = [".conf", ".conflist", ".json"];

    private readonly Lock _lock = new();
    private string _seen = "";
    private PluginList? _current;

    /// <summary>/etc/cni/net.d on a machine's own instance; below its own folder of settings in one that is moved elsewhere.</summary>
    public string Path { get; } = options.CniConfigDirectory.Length > 0 ? options.CniConfigDirectory
        : paths.Config == SuitePaths.DefaultConfig ? "/etc/cni/net.d" : System.IO.Path.Combine(paths.Config, "cni", "net.d");

    /// <summary>The first valid list in the order of file names; null when there is none. A file that is not valid stands in nobody's way.</summary>
    public PluginList? Current()
    {
        lock (_lock)
        {
            var files = Files(Path);
            string seen = Fingerprint(files);
            if (seen != _seen)
            {
                _current = files.Select(Read).FirstOrDefault(list => list is not null);
                _seen = seen;
                if (_current is not null)
                {
                    Rules(_current.Name, Path);
                }
            }

            return _current;
        }
    }

    private PluginList? Read(string file)
    {
        try
        {
            return PluginList.Parse(ReadText(file), name => ReadFolder(System.IO.Path.Combine(Path, name)));
        }
        catch (Exception e) when (e is SuiteException or IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            NotUsed(file, e.Message);
            return null;
        }
    }

    private static IEnumerable<JsonObject> ReadFolder(string folder) => Files(folder).Select(file => PluginList.ParseObject(ReadText(file)));

    private static string ReadText(string file)
    {
        byte[] bytes = new FileInfo(file) is { Length: <= PluginList.LargestFile } ? File.ReadAllBytes(file)
            : throw new SuiteException(ErrorKind.InvalidArgument, $"it is larger than {PluginList.LargestFile} bytes");
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes);
    }

    private static List<string> Files(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        try
        {
            return [.. Directory.EnumerateFiles(folder).Where(file => Endings.Contains(System.IO.Path.GetExtension(file))).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // not any more
        }
    }

    /// <summary>What changes when any of the files does, those of a list's own folder included.</summary>
    private string Fingerprint(List<string> files)
    {
        var text = new StringBuilder();
        foreach (string file in files.Concat(files.Count > 0 ? Directory.EnumerateDirectories(Path).Order(StringComparer.Ordinal).SelectMany(Files) : []))
        {
            // The time of the inode's last change moves with every write, link and change of rights; nobody can set it.
            text.Append(file).Append(' ').Append(FileStamp.Of(file)).Append('\n');
        }

        return text.ToString();
    }

    [LoggerMessage(LogLevel.Information, "Sandboxes without a network of their own are connected by the plugins of {List} in {Folder}")]
    private partial void Rules(string list, string folder);

    [LoggerMessage(LogLevel.Warning, "{File} is not used: {Problem}")]
    private partial void NotUsed(string file, string problem);
}
