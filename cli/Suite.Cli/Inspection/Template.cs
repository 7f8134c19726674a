using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;

namespace Suite.Cli.Inspection;

/// <summary>
/// --format: text with {{.Path.To.Field}} and {{json .Path}} in it, the part of Go's templates that scripts live on.
/// </summary>
internal sealed class Template
{
    private readonly string _text;

    public Template(string text) => _text = text;

    public string Render(JsonNode document)
    {
        var result = new StringBuilder();
        var position = 0;
        while (_text.IndexOf("{{", position, StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = _text.IndexOf("}}", start, StringComparison.Ordinal);
            if (end < 0)
                throw Wrong("a {{ has no }}");
            result.Append(_text, position, start - position);
            result.Append(Evaluate(_text[(start + 2)..end].Trim(), document));
            position = end + 2;
        }

        return result.Append(_text, position, _text.Length - position).ToString();
    }

    private string Evaluate(string expression, JsonNode document) =>
        expression.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            [['.', ..] path] => Plain(Find(path, document)),
            ["json", ['.', ..] path] => Json(Find(path, document)),
            _ => throw Wrong($"\"{expression}\" is neither a field as .State.Pid nor json with a field"),
        };

    private JsonNode? Find(string path, JsonNode document)
    {
        JsonNode? node = document;
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (node is not JsonObject fields || !fields.TryGetPropertyValue(name, out node))
                throw Wrong($"there is no field \"{name}\" for {path}");
        }

        return node;
    }

    private static string Plain(JsonNode? node) => node switch
    {
        null => "<no value>",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonArray values => $"[{string.Join(' ', values.Select(Plain))}]",
        _ => Json(node),
    };

    private static string Json(JsonNode? node) => node is null ? "null" : node.ToJsonString();

    private SuiteException Wrong(string reason) => new(ErrorKind.InvalidArgument, $"cannot use the format \"{_text}\": {reason}");
}
