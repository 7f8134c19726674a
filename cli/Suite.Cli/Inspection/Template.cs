using System.Text;
using System.Text.Json.Nodes;
using Suite.Linux.Errors;

namespace Suite.Cli.Inspection;

/// <summary>
/// --format: Go's text/template, as far as people write it: fields, variables, range, if, with, pipes, comparisons, and the
/// functions that Docker documents (json, join, split, lower, upper, title, pad, truncate, println).
/// </summary>
internal sealed class Template
{
    private readonly string _text;
    private readonly IReadOnlyList<TemplateNode> _nodes;

    public Template(string text)
    {
        _text = text;
        try
        {
            _nodes = new TemplateParser(TemplateLexer.Split(text)).Parse();
        }
        catch (TemplateException e)
        {
            throw Wrong(e);
        }
    }

    public string Render(JsonNode document)
    {
        var result = new StringBuilder();
        try
        {
            var scope = new TemplateScope(document, document, null);
            foreach (var node in _nodes)
                node.Write(result, scope);
        }
        catch (TemplateException e)
        {
            throw Wrong(e);
        }

        return result.ToString();
    }

    private SuiteException Wrong(TemplateException e) => new(ErrorKind.InvalidArgument, $"cannot use the format \"{_text}\": {e.Message}", e);
}

/// <summary>What is wrong with a template, for the sentence that names it.</summary>
internal sealed class TemplateException(string message) : Exception(message);
