using System.Globalization;
using System.Text.Json.Nodes;

namespace Suite.Cli.Inspection;

/// <summary>The functions of Go's templates, and those that Docker adds.</summary>
internal static class TemplateFunctions
{
    private static readonly Dictionary<string, Func<IReadOnlyList<JsonNode?>, JsonNode?>> All = new(StringComparer.Ordinal)
    {
        ["json"] = a => JsonValue.Create(JsonText.Line(One(a))),
        ["join"] = a => JsonValue.Create(string.Join(Text(a, 1), (a[0] as JsonArray ?? throw new TemplateException("join needs a list")).Select(TemplateValues.Text))),
        ["split"] = a => new JsonArray([.. Text(a, 0).Split(Text(a, 1)).Select(part => (JsonNode?)JsonValue.Create(part))]),
        ["lower"] = a => JsonValue.Create(Text(a, 0).ToLowerInvariant()),
        ["upper"] = a => JsonValue.Create(Text(a, 0).ToUpperInvariant()),
        ["title"] = a => JsonValue.Create(CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Text(a, 0))),
        ["pad"] = a => JsonValue.Create(Text(a, 0).Length == 0 ? "" : new string(' ', Number(a, 1)) + Text(a, 0) + new string(' ', Number(a, 2))),
        ["truncate"] = a => JsonValue.Create(Text(a, 0) is var text && text.Length > Number(a, 1) ? text[..Math.Max(0, Number(a, 1))] : text),
        ["println"] = a => JsonValue.Create(string.Join(' ', a.Select(TemplateValues.Text)) + "\n"),
        ["print"] = a => JsonValue.Create(string.Concat(a.Select(TemplateValues.Text))),
        ["len"] = a => JsonValue.Create(One(a) switch { JsonArray list => list.Count, JsonObject map => map.Count, var other => TemplateValues.Text(other).Length }),
        ["index"] = a => a.Skip(1).Aggregate(a[0], Index),
        ["slice"] = a => Slice(One(a), a.Skip(1).Select(i => (int)TemplateValues.Number(i)).ToList()),
        ["not"] = a => JsonValue.Create(!TemplateValues.IsTrue(One(a))),
        ["and"] = a => a.FirstOrDefault(value => !TemplateValues.IsTrue(value), a[^1]),
        ["or"] = a => a.FirstOrDefault(TemplateValues.IsTrue, a[^1]),
        ["eq"] = a => JsonValue.Create(a.Skip(1).Any(other => TemplateValues.Compare(a[0], other) == 0)),
        ["ne"] = a => JsonValue.Create(TemplateValues.Compare(a[0], a[1]) != 0),
        ["lt"] = a => JsonValue.Create(TemplateValues.Compare(a[0], a[1]) < 0),
        ["le"] = a => JsonValue.Create(TemplateValues.Compare(a[0], a[1]) <= 0),
        ["gt"] = a => JsonValue.Create(TemplateValues.Compare(a[0], a[1]) > 0),
        ["ge"] = a => JsonValue.Create(TemplateValues.Compare(a[0], a[1]) >= 0),
        ["printf"] = a => JsonValue.Create(Format(Text(a, 0), a)),
    };

    public static bool Has(string name) => All.ContainsKey(name);

    public static JsonNode? Call(string name, IReadOnlyList<JsonNode?> arguments)
    {
        try
        {
            return All[name](arguments);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new TemplateException($"{name} needs more values");
        }
    }

    private static JsonNode? One(IReadOnlyList<JsonNode?> arguments) => arguments[0];

    private static string Text(IReadOnlyList<JsonNode?> arguments, int index) => TemplateValues.Text(arguments[index]);

    private static int Number(IReadOnlyList<JsonNode?> arguments, int index) => (int)Math.Clamp(TemplateValues.Number(arguments[index]), 0, 1000);

    // A key that a map does not have is nothing, as Go has it; an index that a list does not have is an error.
    private static JsonNode? Index(JsonNode? value, JsonNode? key) => value switch
    {
        JsonObject map => map.TryGetPropertyValue(TemplateValues.Text(key), out var found) ? found : JsonValue.Create(""),
        JsonArray list when (int)TemplateValues.Number(key) is var i && i >= 0 && i < list.Count => list[i],
        _ => throw new TemplateException($"there is nothing at {TemplateValues.Text(key)}"),
    };

    private static JsonNode? Slice(JsonNode? value, IReadOnlyList<int> bounds)
    {
        var length = value is JsonArray items ? items.Count : TemplateValues.Text(value).Length;
        var (from, to) = (bounds.Count > 0 ? bounds[0] : 0, bounds.Count > 1 ? bounds[1] : length);
        if (from < 0 || to > length || from > to)
            throw new TemplateException($"there is no slice {from} {to} of {length}");
        return value is JsonArray list ? new JsonArray([.. list.Skip(from).Take(to - from).Select(item => item?.DeepClone())]) : JsonValue.Create(TemplateValues.Text(value)[from..to]);
    }

    /// <summary>.Label "NAME" of a row that has its labels as "a=1,b=2".</summary>
    public static JsonNode? Label(JsonNode? row, JsonNode? name)
    {
        var wanted = TemplateValues.Text(name) + "=";
        var labels = TemplateValues.Text(TemplateValues.Field(row, ".Labels")).Split(',');
        return JsonValue.Create(labels.FirstOrDefault(l => l.StartsWith(wanted, StringComparison.Ordinal))?[wanted.Length..] ?? "");
    }

    // %s, %d, %v and %q with a width, which is what scripts align with.
    private static string Format(string format, IReadOnlyList<JsonNode?> arguments)
    {
        var result = new System.Text.StringBuilder();
        var next = 1;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append(format[i]);
                continue;
            }

            if (format[++i] == '%')
            {
                result.Append('%');
                continue;
            }

            var start = i;
            while (i < format.Length - 1 && (char.IsAsciiDigit(format[i]) || format[i] == '-'))
                i++;
            var width = int.TryParse(format.AsSpan(start, i - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, -200, 200) : 0;
            var text = TemplateValues.Text(arguments[next++]);
            text = format[i] switch
            {
                's' or 'd' or 'v' => text,
                'q' => $"\"{text}\"",
                _ => throw new TemplateException($"printf knows %s, %d, %v and %q, not %{format[i]}"),
            };
            result.Append(width < 0 ? text.PadRight(-width) : text.PadLeft(width));
        }

        return result.ToString();
    }
}
