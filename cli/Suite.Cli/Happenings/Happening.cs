using System.Text.Json.Nodes;
using Suite.Cli.Output;
using Suite.Cli.Syntax;

namespace Suite.Cli.Happenings;

/// <summary>Something that happened in one of the services, as Docker's events tell it.</summary>
/// <param name="At">Nanoseconds since the epoch.</param>
/// <param name="Type">container, volume, image or network.</param>
internal sealed record Happening(long At, string Type, string Action, string Id, IReadOnlyDictionary<string, string> Attributes)
{
    private string Name => Attributes.GetValueOrDefault("name", "");

    /// <summary>As Docker's filters: of a thing its id, the beginning of it, or its name.</summary>
    public bool Matches(Filters filter) =>
        filter.Any("type", value => value == Type)
        && filter.Any("event", value => Action == value || Action.StartsWith($"{value}:", StringComparison.Ordinal))
        && filter.Any("image", IsOfImage)
        && filter.Any("volume", value => Type == "volume" && IsCalled(value))
        && filter.Any("network", value => Type == "network" && IsCalled(value))
        && filter.Any("container", value => Type == "container" && IsCalled(value))
        && filter.All("label", value => Filters.HasLabel(Attributes.ToDictionary(), value));

    public string Line()
    {
        var attributes = string.Join(", ", Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));
        return $"{Timestamps.Rfc3339(At)} {Type} {Action} {Id}{(attributes.Length > 0 ? $" ({attributes})" : "")}";
    }

    public JsonObject Describe()
    {
        var attributes = new JsonObject();
        foreach (var (name, value) in Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
            attributes[name] = value;
        return new JsonObject
        {
            ["Type"] = Type,
            ["Action"] = Action,
            ["Actor"] = new JsonObject { ["ID"] = Id, ["Attributes"] = attributes },
            ["scope"] = "local",
            ["status"] = Action,
            ["id"] = Id,
            ["from"] = Attributes.GetValueOrDefault("image", ""),
            ["time"] = At / 1_000_000_000,
            ["timeNano"] = At,
        };
    }

    private bool IsCalled(string value) => Name == value || Id == value || (value.Length > 0 && Id.StartsWith(value, StringComparison.Ordinal));

    private bool IsOfImage(string value)
    {
        var image = Type == "image" ? Name : Attributes.GetValueOrDefault("image", "");
        return image == value || WithoutTag(image) == value || (Type == "image" && (Id == value || WithoutTag(Id) == value));
    }

    private static string WithoutTag(string name) => name.LastIndexOf(':') is var colon && colon > name.LastIndexOf('/') ? name[..colon] : name;
}
