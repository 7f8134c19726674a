using System.Globalization;
using System.Text;

namespace Suite.Bench.Results;

/// <summary>The board as text: a row an operation, three columns a runtime, and for two runtimes the ratio beside its goal.</summary>
internal static class Table
{
    public static string Of(Board board, IReadOnlyList<string> runtimes)
    {
        var compare = runtimes is ["suite"] or ["suite", _];
        var rows = new List<string[]> { Header(runtimes, compare) };
        rows.AddRange(board.Operations.Select(operation => Row(board, runtimes, operation.Operation, operation.Unit, compare)));

        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.AppendLine(string.Join("  ", cells).TrimEnd());
        }

        return text.ToString();
    }

    private static string[] Header(IReadOnlyList<string> runtimes, bool compare) =>
        ["operation", .. runtimes.SelectMany(runtime => new[] { $"{runtime} p50", "p95", "a second" }), .. compare ? new[] { "ratio", "goal", "" } : []];

    private static string[] Row(Board board, IReadOnlyList<string> runtimes, string operation, string unit, bool compare)
    {
        var cells = new List<string> { operation };
        foreach (var runtime in runtimes)
            cells.AddRange(Cells(board, operation, unit, runtime));
        if (compare)
            cells.AddRange(Comparison(board, runtimes, operation, unit));
        return [.. cells];
    }

    private static string[] Cells(Board board, string operation, string unit, string runtime)
    {
        if (board.Times(operation, runtime) is { } times)
        {
            // With others in flight, one over the time of each says nothing: the row of whole lives has the throughput.
            var perSecond = operation.Contains('×', StringComparison.Ordinal) ? "" : Number(times.PerSecond);
            return [$"{Number(times.P50)} ms", $"{Number(times.P95)} ms", perSecond];
        }

        return board.Value(operation, runtime) is { } value ? [$"{Number(value)} {unit}", "", ""] : ["-", "", ""];
    }

    private static string[] Comparison(Board board, IReadOnlyList<string> runtimes, string operation, string unit)
    {
        var ours = board.Times(operation, runtimes[0])?.P50 ?? board.Value(operation, runtimes[0]);
        var theirs = runtimes.Count < 2 ? null : board.Times(operation, runtimes[1])?.P50 ?? board.Value(operation, runtimes[1]);
        if (ours is null)
            return ["", "", ""];
        // Throughput is better when higher; times and memory when lower.
        double? ratio = theirs is null ? null : unit is "a second" or "Gbit/s" ? ours.Value / theirs.Value : theirs.Value / ours.Value;
        var goals = new List<string>();
        var reached = true;
        if (ratio is { } times && Goals.TimesFaster.TryGetValue(operation, out var faster))
        {
            goals.Add($"{faster}×");
            reached &= times >= faster;
        }

        if (Goals.AtMost.TryGetValue(operation, out var most))
        {
            goals.Add($"{most} {unit}");
            reached &= ours <= most;
        }

        return [ratio is { } r ? $"{Number(r)}×" : "", string.Join(", ", goals), goals.Count == 0 ? "" : reached ? "reached" : "missed"];
    }

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
