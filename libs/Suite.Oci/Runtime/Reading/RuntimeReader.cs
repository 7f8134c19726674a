using System.Text.Json;

namespace Suite.Oci.Runtime.Reading;

/// <summary>
/// Reads config.json and its parts by hand. A serializer first builds descriptions of forty types, for which it looks at their
/// attributes; in a program that reads one file and ends, that takes ten times as long as the reading.
/// </summary>
public static class RuntimeReader
{
    /// <exception cref="JsonException">It is no JSON, or a field is of the wrong kind; its path begins with <c>$.</c>.</exception>
    public static Spec ReadSpec(ReadOnlyMemory<byte> json) => Read(json, ReadSpec);

    /// <inheritdoc cref="ReadSpec(ReadOnlyMemory{byte})"/>
    public static Process ReadProcess(ReadOnlyMemory<byte> json) => Read(json, ProcessReader.Read);

    /// <inheritdoc cref="ReadSpec(ReadOnlyMemory{byte})"/>
    public static LinuxResources ReadResources(ReadOnlyMemory<byte> json) => Read(json, ResourcesReader.Read);

    private static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonFields, T> read)
        where T : class
    {
        using var document = JsonDocument.Parse(json);
        return read(new JsonFields(document.RootElement, "$"));
    }

    private static Spec ReadSpec(JsonFields json) => new()
    {
        OciVersion = json.Text("ociVersion") ?? "",
        Process = json.Child("process", ProcessReader.Read),
        Root = json.Child("root", root => new Root { Path = root.Text("path") ?? "", Readonly = root.Flag("readonly") ?? false }),
        Hostname = json.Text("hostname"),
        Domainname = json.Text("domainname"),
        Mounts = json.Children("mounts", ReadMount),
        Hooks = json.Child("hooks", ReadHooks),
        Annotations = json.TextsByName("annotations"),
        Linux = json.Child("linux", LinuxReader.Read),
    };

    private static Mount ReadMount(JsonFields json) => new()
    {
        Destination = json.Text("destination") ?? "",
        Type = json.Text("type"),
        Source = json.Text("source"),
        Options = json.Texts("options"),
        UidMappings = json.Children("uidMappings", LinuxReader.ReadMapping),
        GidMappings = json.Children("gidMappings", LinuxReader.ReadMapping),
    };

    private static Hooks ReadHooks(JsonFields json) => new()
    {
        Prestart = json.Children("prestart", ReadHook),
        CreateRuntime = json.Children("createRuntime", ReadHook),
        CreateContainer = json.Children("createContainer", ReadHook),
        StartContainer = json.Children("startContainer", ReadHook),
        Poststart = json.Children("poststart", ReadHook),
        Poststop = json.Children("poststop", ReadHook),
    };

    private static Hook ReadHook(JsonFields json) => new()
    {
        Path = json.Text("path") ?? "",
        Args = json.Texts("args"),
        Env = json.Texts("env"),
        Timeout = json.Int("timeout"),
    };
}
