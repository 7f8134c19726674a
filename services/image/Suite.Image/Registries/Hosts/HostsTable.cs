using Suite.Linux.Errors;
using Tomlyn.Model;

namespace Suite.Image.Registries.Hosts;

/// <summary>Typed access to one table of a hosts.toml; an error names the file and the key.</summary>
internal sealed class HostsTable(TomlTable table, string file)
{
    public string? Text(string key) => table.TryGetValue(key, out var value) ? value as string ?? throw Wrong(key, "is not a text") : null;

    public bool? Flag(string key) => table.TryGetValue(key, out var value) ? value as bool? ?? throw Wrong(key, "is neither true nor false") : null;

    /// <summary>A text, or a list of texts.</summary>
    public IReadOnlyList<string>? Texts(string key) => table.TryGetValue(key, out var value) ? TextsOf(key, value) : null;

    /// <summary>A text, a list of texts, or a list of pairs of texts.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Groups(string key) => !table.TryGetValue(key, out var value) ? null
        : value is TomlArray list ? [.. list.Select(item => TextsOf(key, item))]
        : [TextsOf(key, value)];

    public IEnumerable<(string Name, HostsTable Table)> Tables(string key) => !table.TryGetValue(key, out var value) ? []
        : value is TomlTable tables
            ? tables.Select(t => (t.Key, new HostsTable(t.Value as TomlTable ?? throw Wrong($"{key}.{t.Key}", "is not a table"), file)))
            : throw Wrong(key, "is not a table");

    public IEnumerable<KeyValuePair<string, string>> Pairs(string key) => !table.TryGetValue(key, out var value) ? []
        : value is TomlTable pairs
            ? pairs.SelectMany(p => TextsOf($"{key}.{p.Key}", p.Value).Select(v => KeyValuePair.Create(p.Key, v)))
            : throw Wrong(key, "is not a table");

    public SuiteException Wrong(string key, string why) => new(ErrorKind.FailedPrecondition, $"In {file} '{key}' {why}.");

    private IReadOnlyList<string> TextsOf(string key, object? value) => value switch
    {
        string one => [one],
        TomlArray many => [.. many.Select(v => v as string ?? throw Wrong(key, "has something that is not a text"))],
        _ => throw Wrong(key, "is neither a text nor a list of texts"),
    };
}
