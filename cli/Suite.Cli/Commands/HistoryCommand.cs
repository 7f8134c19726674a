using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Suite.Cli.Inspection;
using Suite.Cli.Output;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class HistoryCommand : SuiteCommand
{
    private const int ShownCommand = 45;

    private readonly Option<bool> _quiet;
    private readonly Option<bool> _noTrunc;
    private readonly Option<bool> _human;
    private readonly Option<string?> _format;
    private readonly Argument<string> _image;

    public HistoryCommand()
        : base("history", "[OPTIONS] IMAGE", "List how an image came to be, the newest step first")
    {
        _quiet = Flag("--quiet", "Print ids only", "-q");
        _noTrunc = Flag("--no-trunc", "Print ids and commands in full");
        _human = Flag("--human", "Sizes and times as people read them (default: true)", "-H");
        _format = Text("--format", "TEMPLATE", "json, \"table TEMPLATE\", or a template such as {{.CreatedBy}}: {{.Size}}");
        _image = One("IMAGE");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var answer = await call.Services.Images.InspectAsync(new InspectRequest { Image = call.Get(_image) }, cancellationToken: cancellationToken);
        var whole = call.Get(_noTrunc);
        var rows = new Listing(
            call.Get(_quiet) ? "{{.ID}}" : call.Get(_format),
            ("IMAGE", "{{.ID}}"), ("CREATED", "{{.CreatedSince}}"), ("CREATED BY", "{{.CreatedBy}}"), ("SIZE", "{{.Size}}"), ("COMMENT", "{{.Comment}}")).Yielding("COMMENT", "CREATED");
        // Only the last step is an image: those before it have none of their own, as in docker since 1.10.
        var id = whole ? answer.Image.Id : Figures.ShortId(answer.Image.Id);
        foreach (var (step, size) in Steps(answer).Reverse())
        {
            rows.Add(Describe(id, step, size, whole, call));
            id = "<missing>";
        }

        rows.Write(call.Out, whole ? int.MaxValue : call.Session.Streams.Columns);
        return ExitCodes.Success;
    }

    private JsonObject Describe(string id, HistoryEntry step, ulong size, bool whole, Invocation call)
    {
        var human = call.GetOr(_human, true);
        var command = string.Join(' ', step.CreatedBy.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new JsonObject
        {
            ["ID"] = id,
            ["CreatedAt"] = Timestamps.Rfc3339(step.CreatedAt),
            ["CreatedSince"] = human ? Figures.Ago(step.CreatedAt, call.Session.Time) : Timestamps.Rfc3339(step.CreatedAt),
            ["CreatedBy"] = !whole && command.Length > ShownCommand ? command[..(ShownCommand - 1)] + "…" : command,
            ["Size"] = human ? Figures.Size(size) : size.ToString(CultureInfo.InvariantCulture),
            ["Comment"] = step.Comment,
        };
    }

    /// <summary>Each step with the size of its layer. An image may tell of fewer steps than it has layers: the rest have no words.</summary>
    private static IEnumerable<(HistoryEntry Step, ulong Size)> Steps(InspectResponse answer)
    {
        var sizes = new Queue<ulong>(answer.LayerSizes);
        foreach (var step in answer.Image.History)
            yield return (step, step.EmptyLayer || !sizes.TryDequeue(out var size) ? 0 : size);
        while (sizes.TryDequeue(out var rest))
            yield return (new HistoryEntry(), rest);
    }
}
