using System.Text.Json;

namespace Suite.Oci.Runtime.Reading;

/// <summary>
/// Reads config.json and its parts by hand. A serializer first builds descriptions of forty types, for which it looks at their
/// attributes; in a program that reads one file and ends, that takes ten times as long as the reading.
/// </summary>
public static class RuntimeReader
{
    /// <exception cref="JsonException">It is no JSON, or a field is of the wrong kind; its path begins with <c>$.</c>.</exception>
    public static Spec ReadSpec(ReadOnlyMemory<byte> json) => Read(json, fields => ReadSpec(fields, LinuxReader.Read));

    /// <summary>
    /// As <see cref="ReadSpec(ReadOnlyMemory{byte})"/>, but for <c>linux.seccomp</c>, for who may know what comes of that text
    /// without reading it.
    /// </summary>
    /// <param name="seccomp">For <see cref="ReadSeccomp"/>; empty: there is none.</param>
    /// <exception cref="JsonException">As there.</exception>
    public static Spec ReadSpec(ReadOnlyMemory<byte> json, out byte[] seccomp)
    {
        byte[]? raw = null;
        var spec = Read(json, fields => ReadSpec(fields, linux =>
        {
            raw = linux.Raw("seccomp");
            return LinuxReader.ReadRest(linux);
        }));
        seccomp = raw ?? [];
        return spec;
    }

    /// <exception cref="JsonException">A field is of the wrong kind; its path begins with <c>$.linux.seccomp</c>.</exception>
    public static Seccomp ReadSeccomp(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return SeccompReader.Read(new JsonFields(document.RootElement, "$.linux.seccomp"));
    }

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

    private static Spec ReadSpec(JsonFields json, Func<JsonFields, LinuxSpec> linux) => new()
    {
        OciVersion = json.Text("ociVersion") ?? "",
        Process = json.Child("process", ProcessReader.Read),
        Root = json.Child("root", root => new Root { Path = root.Text("path") ?? "", Readonly = root.Flag("readonly") ?? false }),
        Hostname = json.Text("hostname"),
        Domainname = json.Text("domainname"),
        Mounts = json.Children("mounts", ReadMount),
        Hooks = json.Child("hooks", ReadHooks),
        Annotations = json.TextsByName("annotations"),
        Linux = json.Child("linux", linux),
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
