namespace Suite.Cli.Output;

/// <summary>Rows under headings, in columns as wide as their contents; in a terminal never wider than its window.</summary>
internal sealed class Table(params string[] headings)
{
    private const int Gap = 3;
    private const int Narrowest = 5;

    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter writer, int columns)
    {
        var widths = Fit(columns);
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                var cell = row[i].Length > widths[i] ? row[i][..(widths[i] - 1)] + "…" : row[i];
                writer.Write(i == row.Length - 1 ? cell : cell.PadRight(widths[i] + Gap));
            }

            writer.WriteLine();
        }
    }

    /// <summary>Takes from the widest column, one at a time, until the row fits: short columns such as ids stay whole.</summary>
    private int[] Fit(int columns)
    {
        var widths = new int[headings.Length];
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].Length);
        }

        var excess = widths.Sum() + Gap * (widths.Length - 1) - (long)columns;
        for (; excess > 0; excess--)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= Narrowest)
                break;
            widths[widest]--;
        }

        return widths;
    }
}
