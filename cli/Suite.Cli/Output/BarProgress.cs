using System.Text;
using Suite.Graph.V1;
using Suite.Linux.Terminals;

namespace Suite.Cli.Output;

/// <summary>A line with a bar for each blob, redrawn in place.</summary>
internal sealed class BarProgress(TextWriter writer, TimeProvider time) : TransferProgress
{
    // 20 pictures a second look smooth; more would only cost the terminal.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly List<BlobProgress> _blobs = [];
    private long _drawn;
    private int _lines;

    public override void Begin(Resolved resolved)
    {
        writer.WriteLine($"{resolved.Reference}");
        foreach (var layer in resolved.Layers)
            _blobs.Add(new BlobProgress { Digest = layer });
        Draw();
    }

    public override void Report(BlobProgress blob)
    {
        var index = _blobs.FindIndex(b => b.Digest == blob.Digest);
        var changed = index < 0 || _blobs[index].State != blob.State;
        if (index < 0)
            _blobs.Add(blob);
        else
            _blobs[index] = blob;
        if (changed || time.GetElapsedTime(_drawn) >= Interval)
            Draw();
    }

    public override void Dispose() => Draw();

    private void Draw()
    {
        _drawn = time.GetTimestamp();
        var size = TerminalSize.Of(2) ?? new TerminalSize(24, 80);
        var picture = new StringBuilder();
        if (_lines > 0)
            picture.Append($"\e[{_lines}A");
        // More blobs than rows cannot be redrawn, as the cursor does not reach lines that have scrolled away: the last ones are shown.
        var shown = _blobs.TakeLast(Math.Max(1, size.Rows - 2)).ToList();
        foreach (var blob in shown)
            picture.Append('\r').Append(Line(blob, size.Columns)).Append("\e[K\n");
        _lines = shown.Count;
        writer.Write(picture);
    }

    private static string Line(BlobProgress blob, int columns)
    {
        var head = $"{Figures.ShortId(blob.Digest)}: {Word(blob.State)}";
        var moving = blob.State is BlobState.Downloading or BlobState.Uploading;
        if (!moving || blob.Total == 0)
            return Cut(head + (moving ? $" {Figures.Size(blob.Current)}" : ""), columns);

        var tail = $" {Figures.Size(blob.Current)}/{Figures.Size(blob.Total)}";
        var width = Math.Min(40, columns - 30 - tail.Length);
        if (width < 8)
            return Cut(head + tail, columns);
        var full = (int)(Math.Min(blob.Current, blob.Total) * (ulong)width / blob.Total);
        return $"{head.PadRight(26)} [{new string('=', full)}{new string(' ', width - full)}]{tail}";
    }

    private static string Cut(string line, int columns) => line.Length < columns ? line : line[..Math.Max(1, columns - 1)];
}
