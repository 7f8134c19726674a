namespace Suite.Cli.Inspection;

/// <summary>Makes nodes of pieces: blocks end with {{end}}, and an if, with or range may have an {{else}}.</summary>
internal sealed class TemplateParser(IReadOnlyList<TemplatePiece> pieces)
{
    private int _position;
    private string[]? _elseIf;

    public IReadOnlyList<TemplateNode> Parse()
    {
        var nodes = Block(out var ended);
        return ended is null ? nodes : throw new TemplateException($"{{{{{ended}}}}} has no beginning");
    }

    /// <param name="ended">"end", "else", or null at the end of the text.</param>
    private List<TemplateNode> Block(out string? ended)
    {
        var nodes = new List<TemplateNode>();
        while (_position < pieces.Count)
        {
            var piece = pieces[_position++];
            if (piece.Text is { } text)
                nodes.Add(new TextNode(text));
            else if (piece.Words is ["end"])
            {
                ended = "end";
                return nodes;
            }
            else if (piece.Words is ["else", ..])
            {
                // {{else if …}} is an if in the else; its {{end}} is the one of the first.
                _elseIf = piece.Words.Length > 1 ? [.. piece.Words.Skip(1)] : null;
                ended = "else";
                return nodes;
            }
            else
                nodes.Add(Action(piece.Words));
        }

        ended = null;
        return nodes;
    }

    private TemplateNode Action(string[] words) => words switch
    {
        [] => throw new TemplateException("there is nothing between {{ and }}"),
        ["if" or "with", .. var condition] => Conditional(words[0] == "with", condition),
        ["range", .. var over] => Range(over),
        [['$', ..] name, ":=" or "=", .. var value] => new AssignNode(name, Expression.Parse(value)),
        _ => new PrintNode(Expression.Parse(words)),
    };

    private ConditionalNode Conditional(bool with, string[] condition)
    {
        var expression = Expression.Parse(condition);
        var (body, otherwise) = Branches(with ? "with" : "if");
        return new ConditionalNode(with, expression, body, otherwise);
    }

    private RangeNode Range(string[] over)
    {
        string? key = null, value = null;
        if (over is [['$', ..] first, ",", ['$', ..] second, ":=", .. var both])
            (key, value, over) = (first, second, both);
        else if (over is [['$', ..] only, ":=", .. var one])
            (value, over) = (only, one);
        var expression = Expression.Parse(over);
        var (body, otherwise) = Branches("range");
        return new RangeNode(key, value, expression, body, otherwise);
    }

    private (IReadOnlyList<TemplateNode> Body, IReadOnlyList<TemplateNode> Otherwise) Branches(string name)
    {
        IReadOnlyList<TemplateNode> otherwise = [];
        var body = Block(out var ended);
        if (ended == "else" && _elseIf is { } chained)
        {
            _elseIf = null;
            return (body, [Action(chained)]);
        }

        if (ended == "else")
            otherwise = Block(out ended);
        return ended == "end" ? (body, otherwise) : throw new TemplateException($"{{{{{name}}}}} has no {{{{end}}}}");
    }
}
