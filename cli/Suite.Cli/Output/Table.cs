namespace Suite.Cli.Output;

/// <summary>
/// Rows under headings, in columns as wide as their contents. In a terminal it is never wider than the window: columns that yield
/// are cut first, then left out one after the other, so that what a person types again, as an id or a name, stays whole.
/// </summary>
internal sealed class Table(params string[] headings)
{
    private const int Gap = 3;
    private const int NarrowGap = 2;
    private const int Narrowest = 5;
    private const int NarrowestYielding = 8;

    private readonly List<string[]> _rows = [headings];
    private string[] _yielding = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The headings of those that can be done without, the first to go first.</summary>
    public Table Yielding(params string[] yielding)
    {
        _yielding = yielding;
        return this;
    }

    public void Write(TextWriter writer, int columns)
    {
        var (shown, widths, gap) = Fit(columns);
        foreach (var row in _rows)
        {
            var line = "";
            for (var i = 0; i < shown.Count; i++)
                line += Cut(row[shown[i]], widths[i]).PadRight(i == shown.Count - 1 ? 0 : widths[i] + gap);
            writer.WriteLine(Cut(line, columns));
        }
    }

    /// <summary>What does not fit ends with a sign of it.</summary>
    public static string Cut(string text, int width) => text.Length > width ? text[..Math.Max(0, width - 1)] + "…" : text;

    private (IReadOnlyList<int> Shown, int[] Widths, int Gap) Fit(int columns)
    {
        List<int> shown = [.. Enumerable.Range(0, headings.Length)];
        var natural = shown.Select(i => _rows.Max(row => row[i].Length)).ToArray();
        if (Excess(shown, natural, Gap, columns) <= 0)
            return (shown, natural, Gap);

        // What has nothing to say takes no place from what has.
        shown.RemoveAll(i => _yielding.Contains(headings[i]) && _rows.Count > 1 && _rows.Skip(1).All(row => row[i].Length == 0));
        if (Excess(shown, natural, Gap, columns) <= 0)
            return (shown, [.. shown.Select(i => natural[i])], Gap);

        foreach (var next in (string?[])[null, .. _yielding])
        {
            shown.RemoveAll(i => headings[i] == next);
            var widths = (int[])natural.Clone();
            var soft = shown.Where(i => _yielding.Contains(headings[i]) && !IsWhole(i)).ToList();
            if (Shrink(soft, NarrowestYielding, widths, Excess(shown, widths, NarrowGap, columns)))
                return (shown, [.. shown.Select(i => widths[i])], NarrowGap);
        }

        var rest = shown.Where(i => !IsWhole(i)).ToList();
        Shrink(rest, Narrowest, natural, Excess(shown, natural, NarrowGap, columns));
        return (shown, [.. shown.Select(i => natural[i])], NarrowGap);
    }

    /// <summary>Whole or of no use.</summary>
    private bool IsWhole(int column) => headings[column].EndsWith("ID", StringComparison.Ordinal) || headings[column] is "PORTS" or "DIGEST";

    private static long Excess(IReadOnlyList<int> shown, int[] widths, int gap, int columns) =>
        shown.Sum(i => (long)widths[i]) + gap * (shown.Count - 1) - columns;

    /// <summary>Takes from the widest, one at a time: short columns stay whole.</summary>
    /// <returns>Whether all of the excess could be taken.</returns>
    private static bool Shrink(IReadOnlyList<int> which, int narrowest, int[] widths, long excess)
    {
        for (; excess > 0; excess--)
        {
            if (which.Count == 0 || which.MaxBy(i => widths[i]) is var widest && widths[widest] <= narrowest)
                return false;
            widths[widest]--;
        }

        return true;
    }
}
