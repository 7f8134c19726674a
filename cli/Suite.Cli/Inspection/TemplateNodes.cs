using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Suite.Cli.Inspection;

/// <summary>What a template's dot and variables are at one place.</summary>
internal sealed class TemplateScope(JsonNode? dot, JsonNode? root, TemplateScope? outer)
{
    private readonly Dictionary<string, JsonNode?> _variables = [];

    public JsonNode? Dot => dot;

    public TemplateScope Inner(JsonNode? inner) => new(inner, root, this);

    public void Set(string name, JsonNode? value)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._variables.ContainsKey(name))
            {
                scope._variables[name] = value;
                return;
            }
        }

        Declare(name, value);
    }

    public void Declare(string name, JsonNode? value) => _variables[name] = value;

    public JsonNode? Find(string name)
    {
        if (name == "$")
            return root;
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._variables.TryGetValue(name, out var value))
                return value;
        }

        throw new TemplateException($"there is no variable {name}");
    }

    private TemplateScope? Outer => outer;
}

internal abstract class TemplateNode
{
    public abstract void Write(StringBuilder to, TemplateScope scope);

    protected static void WriteAll(IReadOnlyList<TemplateNode> nodes, StringBuilder to, TemplateScope scope)
    {
        foreach (var node in nodes)
            node.Write(to, scope);
    }
}

internal sealed class TextNode(string text) : TemplateNode
{
    public override void Write(StringBuilder to, TemplateScope scope) => to.Append(text);
}

internal sealed class PrintNode(Expression expression) : TemplateNode
{
    public override void Write(StringBuilder to, TemplateScope scope) => to.Append(TemplateValues.Text(expression.Evaluate(scope)));
}

internal sealed class AssignNode(string name, Expression value) : TemplateNode
{
    public override void Write(StringBuilder to, TemplateScope scope) => scope.Set(name, value.Evaluate(scope));
}

internal sealed class ConditionalNode(bool with, Expression condition, IReadOnlyList<TemplateNode> body, IReadOnlyList<TemplateNode> otherwise) : TemplateNode
{
    public override void Write(StringBuilder to, TemplateScope scope)
    {
        var value = condition.Evaluate(scope);
        if (TemplateValues.IsTrue(value))
            WriteAll(body, to, scope.Inner(with ? value : scope.Dot));
        else
            WriteAll(otherwise, to, scope.Inner(scope.Dot));
    }
}

internal sealed class RangeNode(
    string? key, string? value, Expression over, IReadOnlyList<TemplateNode> body, IReadOnlyList<TemplateNode> otherwise) : TemplateNode
{
    public override void Write(StringBuilder to, TemplateScope scope)
    {
        var items = Items(over.Evaluate(scope));
        if (items.Count == 0)
            WriteAll(otherwise, to, scope.Inner(scope.Dot));
        foreach (var (name, item) in items)
        {
            var inner = scope.Inner(item);
            if (key is not null)
                inner.Declare(key, name);
            if (value is not null)
                inner.Declare(value, item);
            WriteAll(body, to, inner);
        }
    }

    // Maps in the order of their keys, as Go has them.
    private static List<(JsonNode? Name, JsonNode? Item)> Items(JsonNode? value) => value switch
    {
        JsonArray array => [.. array.Select((item, i) => ((JsonNode?)JsonValue.Create(i), item))],
        JsonObject fields => [.. fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => ((JsonNode?)JsonValue.Create(f.Key), f.Value))],
        null => [],
        _ => throw new TemplateException($"range needs a list or a map, and {TemplateValues.Text(value).ToString(CultureInfo.InvariantCulture)} is neither"),
    };
}
