using System.Text;
using System.Text.Json.Nodes;
using Suite.Hosting;
using Suite.Linux.Errors;

namespace Suite.Network.Plugins;

/// <summary>What a pod was connected with, and with what result.</summary>
internal sealed record CachedResult(PluginList List, JsonObject? Result, JsonObject Runtime, string Arguments);

/// <summary>
/// Keeps, for each sandbox, the list that connects it and the final result, both needed to disconnect it. In libcni's own format
/// (kind cniCacheV1), which administrators and tools read; written beside and renamed, so that a crash leaves the old or the new.
/// </summary>
internal sealed class ResultCache(NetworkOptions options, SuitePaths paths)
{
    private const string Kind = "cniCacheV1";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Path.Combine(
        options.CniCacheDirectory.Length > 0 ? options.CniCacheDirectory : Path.Combine(paths.StateDirectory("network"), "cni"), "results");

    public void Write(string sandbox, string interfaceName, string namespacePath, CachedResult cached)
    {
        var document = new JsonObject
        {
            ["kind"] = Kind,
            ["containerId"] = sandbox,
            ["config"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(cached.List.Source)),
            ["ifName"] = interfaceName,
            ["networkName"] = cached.List.Name,
            ["netns"] = namespacePath,
            ["cniArgs"] = new JsonArray([.. cached.Arguments.Split(';').Select(pair => new JsonArray([.. pair.Split('=', 2).Select(part => (JsonNode?)part)]))]),
            ["capabilityArgs"] = cached.Runtime.DeepClone(),
            // Not libcni's: the plugins themselves, for some may have come from a folder that has changed since.
            ["suitePlugins"] = new JsonArray([.. cached.List.Plugins.Select(plugin => plugin.DeepClone())]),
        };
        if (cached.Result is not null)
        {
            document["result"] = cached.Result.DeepClone();
        }

        string path = PathOf(cached.List.Name, sandbox, interfaceName), beside = path + ".new";
        try
        {
            Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
            using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(Encoding.UTF8.GetBytes(document.ToJsonString()));
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.ResourceExhausted, $"cannot keep what the plugins gave in {path}: {e.Message}", e);
        }
    }

    /// <returns>Null when there is none, or none that can be read.</returns>
    public CachedResult? Read(string network, string sandbox, string interfaceName)
    {
        try
        {
            var document = PluginList.ParseObject(File.ReadAllText(PathOf(network, sandbox, interfaceName)));
            var list = PluginList.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(PluginList.Text(document, "config"))), _ => []);
            return new CachedResult(
                document["suitePlugins"] is JsonArray plugins ? list with { Plugins = [.. plugins.OfType<JsonObject>()] } : list,
                document["result"] as JsonObject,
                document["capabilityArgs"] as JsonObject ?? [],
                string.Join(';', (document["cniArgs"] as JsonArray ?? []).OfType<JsonArray>().Select(pair => string.Join('=', pair.Select(part => (string?)part)))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SuiteException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    public void Remove(string network, string sandbox, string interfaceName)
    {
        try
        {
            File.Delete(PathOf(network, sandbox, interfaceName));
        }
        catch (DirectoryNotFoundException)
        {
        }
    }

    private string PathOf(string network, string sandbox, string interfaceName) => Path.Combine(_folder, $"{network}-{sandbox}-{interfaceName}");
}
