using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Suite.Linux.Errors;

namespace Suite.Network.Plugins;

/// <summary>A network of CNI: plugins that are called one after the other (SPEC.md, section 1).</summary>
/// <param name="Version">The highest version of those that it offers and we speak.</param>
/// <param name="Plugins">Each plugin's own settings, keys that we do not know included.</param>
/// <param name="Source">The file as it is, for the cache: what connected a pod must disconnect it, whatever the file says by then.</param>
internal sealed partial record PluginList(string Name, string Version, bool DisableCheck, bool DisableGc, IReadOnlyList<JsonObject> Plugins, string Source)
{
    public const int LargestFile = 1 << 20;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public static string TypeOf(JsonObject plugin) => (string)plugin["type"]!;

    /// <param name="folderPlugins">Reads the plugins that lie as files beside the list, by the network's name (SPEC.md, loadOnlyInlinedPlugins).</param>
    public static PluginList Parse(string text, Func<string, IEnumerable<JsonObject>>? folderPlugins = null)
    {
        var root = ParseObject(text);
        string name = Text(root, "name");
        if (!NamePattern().IsMatch(name))
        {
            throw Invalid($"its name \"{name}\" is not one: a letter or digit, then letters, digits, _, . or -");
        }

        // A file of one plugin is a list of one.
        var plugins = root["plugins"] switch
        {
            null when root.ContainsKey("type") => [root],
            JsonArray array => array.Select(item => item as JsonObject ?? throw Invalid("one of its plugins is not an object")).ToList(),
            null when !IsSet(root, "loadOnlyInlinedPlugins") && folderPlugins is not null => [],
            _ => throw Invalid("it has no list of plugins"),
        };
        if (!IsSet(root, "loadOnlyInlinedPlugins") && folderPlugins is not null && !root.ContainsKey("type"))
        {
            plugins.AddRange(folderPlugins(name));
        }

        foreach (var plugin in plugins)
        {
            CheckType(plugin);
        }

        string[] offered = [.. root["cniVersions"] is JsonArray versions ? versions.Select(AsText) : [], Text(root, "cniVersion")];
        return new PluginList(
            name,
            PluginVersions.Highest(offered) ?? throw Invalid($"it is of CNI version {string.Join(", ", offered.Where(v => v.Length > 0).DefaultIfEmpty("0.1.0"))}; those spoken are {string.Join(", ", PluginVersions.Spoken)}"),
            IsSet(root, "disableCheck"),
            IsSet(root, "disableGC"),
            plugins.Count > 0 ? plugins : throw Invalid("its list of plugins is empty"),
            text);
    }

    public static JsonObject ParseObject(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict) as JsonObject ?? throw Invalid("it is not a JSON object");
        }
        catch (JsonException e)
        {
            throw Invalid($"it is not JSON: {e.Message}");
        }
    }

    public static string Text(JsonObject holder, string key) => AsText(holder[key]);

    /// <summary>Some write booleans as strings; the reference implementation takes both.</summary>
    public static bool IsSet(JsonObject holder, string key) => holder[key] is JsonValue value
        && (value.TryGetValue(out bool flag) ? flag : value.TryGetValue(out string? word) && word is "true" or "True" or "TRUE" or "1");

    private static string AsText(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    /// <summary>The type names an executable: a path in it would lead out of the plugins' folders.</summary>
    private static void CheckType(JsonObject plugin)
    {
        string type = Text(plugin, "type");
        if (!TypePattern().IsMatch(type))
        {
            throw Invalid($"the type \"{type}\" of a plugin is not the name of an executable");
        }
    }

    private static SuiteException Invalid(string why) => new(ErrorKind.InvalidArgument, why);

    [GeneratedRegex(@"^[A-Za-z0-9][\w.-]{0,127}$", RegexOptions.ECMAScript)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}$")]
    private static partial Regex TypePattern();
}
