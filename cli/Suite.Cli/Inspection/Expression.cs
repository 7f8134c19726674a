using System.Globalization;
using System.Text.Json.Nodes;

namespace Suite.Cli.Inspection;

/// <summary>A pipeline: calls, each with the result of the one before as its last argument.</summary>
internal sealed class Expression
{
    private readonly IReadOnlyList<IReadOnlyList<Operand>> _calls;

    private Expression(IReadOnlyList<IReadOnlyList<Operand>> calls) => _calls = calls;

    public static Expression Parse(IReadOnlyList<string> words)
    {
        var position = 0;
        var expression = Parse(words, ref position);
        return position == words.Count ? expression : throw new TemplateException($"\"{words[position]}\" is not expected here");
    }

    public JsonNode? Evaluate(TemplateScope scope)
    {
        JsonNode? result = null;
        for (var i = 0; i < _calls.Count; i++)
        {
            var call = _calls[i];
            if (call[0].Function is { } function)
            {
                var arguments = call.Skip(1).Select(operand => operand.Evaluate(scope));
                result = TemplateFunctions.Call(function, [.. i > 0 ? arguments.Append(result) : arguments]);
            }
            else if (call is [{ IsLabel: true }, var name] && i == 0)
                result = TemplateFunctions.Label(scope.Dot, name.Evaluate(scope));
            else if (call.Count > 1 || i > 0)
                throw new TemplateException($"{call[0]} is no function");
            else
                result = call[0].Evaluate(scope);
        }

        return result;
    }

    private static Expression Parse(IReadOnlyList<string> words, ref int position)
    {
        var calls = new List<IReadOnlyList<Operand>>();
        var call = new List<Operand>();
        for (; position < words.Count && words[position][0] != ')'; position++)
        {
            if (words[position] == "|")
            {
                Finish();
                continue;
            }

            if (words[position] != "(")
            {
                call.Add(Operand.Parse(words[position], first: call.Count == 0));
                continue;
            }

            position++;
            var inner = Parse(words, ref position);
            if (position == words.Count)
                throw new TemplateException("a ( has no )");
            call.Add(new Operand("(…)") { Inner = inner, Path = words[position][1..] });
        }

        Finish();
        return new Expression(calls);

        void Finish()
        {
            if (call.Count == 0)
                throw new TemplateException("a value is missing");
            calls.Add(call);
            call = [];
        }
    }
}

/// <summary>A field, a variable, a constant, a function's name, or an expression in parentheses.</summary>
internal sealed record Operand(string Word)
{
    /// <summary>Its name, where it is called.</summary>
    public string? Function { get; private init; }

    public Expression? Inner { get; init; }

    /// <summary>Of what is in the parentheses; empty: itself.</summary>
    public string Path { get; init; } = "";

    /// <summary>The one method that Docker's rows have.</summary>
    public bool IsLabel => Word == ".Label";

    private JsonNode? Constant { get; init; }

    public static Operand Parse(string word, bool first) => word switch
    {
        ['.' or '$', ..] => new Operand(word),
        ['"', .. var text] => new Operand(word) { Constant = JsonValue.Create(text) },
        "true" or "false" => new Operand(word) { Constant = JsonValue.Create(word == "true") },
        "nil" => new Operand(word),
        _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => new Operand(word) { Constant = JsonValue.Create(number) },
        _ when TemplateFunctions.Has(word) => new Operand(word) { Function = word },
        _ => throw new TemplateException(first ? $"\"{word}\" is neither a field as .State.Pid nor a function" : $"\"{word}\" is not a value"),
    };

    public JsonNode? Evaluate(TemplateScope scope)
    {
        if (Inner is not null)
            return TemplateValues.Field(Inner.Evaluate(scope), Path);
        if (Function is not null)
            return TemplateFunctions.Call(Function, []);
        if (Word[0] == '.')
            return TemplateValues.Field(scope.Dot, Word);
        if (Word[0] != '$')
            return Constant;
        var dot = Word.IndexOf('.');
        return dot < 0 ? scope.Find(Word) : TemplateValues.Field(scope.Find(Word[..dot]), Word[dot..]);
    }

    public override string ToString() => Word;
}
