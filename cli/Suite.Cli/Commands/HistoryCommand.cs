using System.CommandLine;
using Suite.Cli.Output;
using Suite.Graph.V1;

namespace Suite.Cli.Commands;

internal sealed class HistoryCommand : SuiteCommand
{
    private const int ShownCommand = 45;

    private readonly Option<bool> _quiet;
    private readonly Option<bool> _noTrunc;
    private readonly Argument<string> _image;

    public HistoryCommand()
        : base("history", "[OPTIONS] IMAGE", "List how an image came to be, the newest step first")
    {
        _quiet = Flag("--quiet", "Print ids only", "-q");
        _noTrunc = Flag("--no-trunc", "Print ids and commands in full");
        _image = One("IMAGE");
    }

    public override async Task<int> RunAsync(Invocation call, CancellationToken cancellationToken)
    {
        var answer = await call.Services.Images.InspectAsync(new InspectRequest { Image = call.Get(_image) }, cancellationToken: cancellationToken);
        var whole = call.Get(_noTrunc);
        var table = new Table("IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT");
        var id = whole ? answer.Image.Id : Figures.ShortId(answer.Image.Id);
        foreach (var (step, size) in Steps(answer).Reverse())
        {
            if (call.Get(_quiet))
            {
                await call.Out.WriteLineAsync(id);
            }
            else
            {
                var command = string.Join(' ', step.CreatedBy.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                table.Add(
                    id, Figures.Ago(step.CreatedAt, call.Session.Time), !whole && command.Length > ShownCommand ? command[..(ShownCommand - 1)] + "…" : command,
                    Figures.Size(size), step.Comment);
            }

            // Only the last step is an image: those before it have none of their own, as in docker since 1.10.
            id = "<missing>";
        }

        if (!call.Get(_quiet)) table.Write(call.Out, call.Session.Streams.Columns);
        return ExitCodes.Success;
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
