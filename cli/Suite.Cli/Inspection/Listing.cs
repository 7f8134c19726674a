using System.Text.Json.Nodes;
using Suite.Cli.Output;

namespace Suite.Cli.Inspection;

/// <summary>
/// Rows as Docker's lists print them: a table of columns that are templates; with --format a template for each row, "json", or
/// "table TEMPLATE", whose columns are parted by tabs.
/// </summary>
internal sealed class Listing
{
    private const string TableWord = "table";

    private readonly List<JsonObject> _rows = [];
    private readonly (string Heading, Template Cell)[]? _columns;
    private readonly Template? _template;
    private string[] _yielding = [];

    public Listing(string? format, params (string Heading, string Cell)[] columns)
    {
        if (format is null or TableWord)
            _columns = [.. columns.Select(c => (c.Heading, new Template(c.Cell)))];
        else if (format.StartsWith(TableWord + " ", StringComparison.Ordinal))
            _columns = [.. Unescape(format[(TableWord.Length + 1)..]).Split('\t').Select(cell => (Heading(cell, columns), new Template(cell)))];
        else if (format != "json")
            _template = new Template(Unescape(format));
    }

    /// <summary>The headings of the columns that a narrow window can do without, the first to go first.</summary>
    public Listing Yielding(params string[] yielding)
    {
        _yielding = yielding;
        return this;
    }

    public void Add(JsonObject row) => _rows.Add(row);

    public void Add(IEnumerable<JsonObject> rows) => _rows.AddRange(rows);

    public void Write(TextWriter writer, int columns)
    {
        if (_columns is not null)
        {
            var table = new Table([.. _columns.Select(c => c.Heading)]).Yielding(_yielding);
            foreach (var row in _rows)
                table.Add([.. _columns.Select(c => c.Cell.Render(row))]);
            table.Write(writer, columns);
            return;
        }

        foreach (var row in _rows)
            writer.WriteLine(_template?.Render(row) ?? JsonText.Line(row));
    }

    // A column of one's own has the heading of the usual one with the same field, or the field's name in capitals.
    private static string Heading(string cell, (string Heading, string Cell)[] columns)
    {
        var usual = columns.FirstOrDefault(c => c.Cell == cell.Trim()).Heading;
        return usual ?? cell.Trim('{', '}', ' ').TrimStart('.').ToUpperInvariant();
    }

    // Shells hand "\t" on as it is written.
    private static string Unescape(string format) => format.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
}
