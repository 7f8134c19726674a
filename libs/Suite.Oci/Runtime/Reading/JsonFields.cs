using System.Runtime.InteropServices;
using System.Text.Json;

namespace Suite.Oci.Runtime.Reading;

/// <summary>One object of a JSON text, and the path to it for whoever is told what is wrong with it. What is absent and what is null are the same.</summary>
internal readonly struct JsonFields
{
    private readonly JsonElement _element;
    private readonly string _path;

    /// <exception cref="JsonException">It is no object.</exception>
    public JsonFields(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong(path, "an object", element);
        (_element, _path) = (element, path);
    }

    public string? Text(string name) => Find(name) is { } value ? TextOf(value, PathOf(name)) : null;

    public bool? Flag(string name) => Find(name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(PathOf(name), "true or false", value),
    };

    public int? Int(string name) => Number(name) is not { } value ? null : value.TryGetInt32(out var number) ? number : throw Wrong(PathOf(name), "a whole number of 32 bits", value);

    public long? Long(string name) => Number(name) is not { } value ? null : value.TryGetInt64(out var number) ? number : throw Wrong(PathOf(name), "a whole number of 64 bits", value);

    public ushort? UShort(string name) => Number(name) is not { } value ? null : value.TryGetUInt16(out var number) ? number : throw Wrong(PathOf(name), "a whole number from 0 to 65535", value);

    public uint? UInt(string name) => Number(name) is { } value ? UIntOf(value, PathOf(name)) : null;

    public ulong? ULong(string name) => Number(name) is not { } value ? null : value.TryGetUInt64(out var number) ? number : throw Wrong(PathOf(name), "a whole number of 64 bits that is not negative", value);

    public IReadOnlyList<string>? Texts(string name) => List(name, TextOf);

    public IReadOnlyList<uint>? UInts(string name) => List(name, UIntOf);

    public T? Child<T>(string name, Func<JsonFields, T> read)
        where T : class => Find(name) is { } value ? read(new JsonFields(value, PathOf(name))) : null;

    public IReadOnlyList<T>? Children<T>(string name, Func<JsonFields, T> read)
        where T : class => List(name, (value, path) => read(new JsonFields(value, path)));

    /// <summary>A field as it is written; null: absent.</summary>
    public byte[]? Raw(string name) => Find(name) is { } value ? JsonMarshal.GetRawUtf8Value(value).ToArray() : null;

    public IReadOnlyDictionary<string, string>? TextsByName(string name) => Map(name, TextOf);

    public IReadOnlyDictionary<string, T>? ChildrenByName<T>(string name, Func<JsonFields, T> read)
        where T : class => Map(name, (value, path) => read(new JsonFields(value, path)));

    private static string TextOf(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(path, "a text", value);

    private static uint UIntOf(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out var number) ? number : throw Wrong(path, "a whole number of 32 bits that is not negative", value);

    private static JsonException Wrong(string path, string wanted, JsonElement value)
    {
        var found = value.GetRawText();
        return new JsonException($"must be {wanted}, and is {(found.Length > 40 ? found[..40] + "…" : found)}", path, null, null);
    }

    private string PathOf(string name) => $"{_path}.{name}";

    private JsonElement? Find(string name) => _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private JsonElement? Number(string name) => Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number ? value : throw Wrong(PathOf(name), "a number", value);

    private List<T>? List<T>(string name, Func<JsonElement, string, T> read)
    {
        if (Find(name) is not { } value)
            return null;
        var path = PathOf(name);
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(path, "a list", value);
        var list = new List<T>(value.GetArrayLength());
        foreach (var element in value.EnumerateArray())
            list.Add(read(element, $"{path}[{list.Count}]"));
        return list;
    }

    private Dictionary<string, T>? Map<T>(string name, Func<JsonElement, string, T> read)
    {
        if (Find(name) is not { } value)
            return null;
        var path = PathOf(name);
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(path, "an object", value);
        var map = new Dictionary<string, T>();
        foreach (var property in value.EnumerateObject())
            map[property.Name] = read(property.Value, $"{path}.{property.Name}");
        return map;
    }
}
