using System.Globalization;
using System.Text;
using Suite.Graph.V1;
using Suite.Linux.Terminals;

namespace Suite.Cli.Contexts;

/// <summary>The steps with their times, redrawn in place; of what a step under way prints, the last lines.</summary>
internal sealed class TerminalBuildProgress : BuildProgress
{
    private const int OutputLines = 4;

    // 10 pictures a second: times move on while nothing is told.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<Shown> _steps = [];
    private readonly TextWriter _writer;
    private readonly TimeProvider _time;
    private readonly bool _colours;
    private readonly long _began;
    private readonly ITimer _timer;
    private int _drawn;
    private bool _ended;

    public TerminalBuildProgress(TextWriter writer, TimeProvider time, bool colours)
    {
        (_writer, _time, _colours, _began) = (writer, time, colours, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Draw(), null, Interval, Interval);
    }

    public override void Step(BuildStep step)
    {
        lock (_lock)
        {
            if (_steps.Find(s => s.Step.Index == step.Index && s.Step.Line == step.Line) is { } known)
                known.Step = step;
            else
                _steps.Add(new Shown(step, _time.GetTimestamp()));
        }
    }

    public override void Print(BuildOutput output)
    {
        lock (_lock)
            _steps.FindLast(s => s.Step.Index == output.Step)?.Take(Encoding.UTF8.GetString(output.Data.Span));
    }

    public override void End(IReadOnlyList<BuildWarning> warnings)
    {
        Draw();
        lock (_lock)
        {
            _ended = true;
            if (warnings.Count > 0)
                _writer.WriteLine($"\n {warnings.Count} {(warnings.Count == 1 ? "warning" : "warnings")} found:");
            foreach (var warning in warnings)
                _writer.WriteLine($" - {warning.Rule}: {warning.Message} (line {warning.Line})");
            // What a command that failed has printed is what tells why: all that is kept of it.
            foreach (var step in _steps.Where(s => s.Step.State == BuildStepState.Begun && s.Lines.Count > 0))
                _writer.WriteLine($"------\n > [{Place(step.Step)}] {step.Step.Instruction}:\n{string.Join('\n', step.Lines)}\n------");
        }
    }

    public override void Dispose() => _timer.Dispose();

    private void Draw()
    {
        lock (_lock)
        {
            if (_ended || _steps.Count == 0)
                return;
            var size = TerminalSize.Of(2) ?? new TerminalSize(24, 80);
            var lines = Lines(size.Columns).ToList();
            // More lines than rows cannot be redrawn, as the cursor does not reach what has scrolled away.
            var shown = lines.Count < size.Rows ? lines : [lines[0], .. lines.TakeLast(Math.Max(1, size.Rows - 2))];
            var picture = new StringBuilder();
            if (_drawn > 0)
                picture.Append($"\e[{_drawn}A");
            foreach (var line in shown)
                picture.Append('\r').Append(line).Append("\e[K\n");
            picture.Append("\e[J");
            _drawn = shown.Count;
            _writer.Write(picture);
        }
    }

    private IEnumerable<string> Lines(int columns)
    {
        var done = _steps.Count(s => s.Step.State == BuildStepState.Done);
        var count = Math.Max(_steps[0].Step.Count, (uint)_steps.Count);
        yield return $"[+] Building {Seconds(_time.GetElapsedTime(_began))} ({done}/{count}){(done == count ? " FINISHED" : "")}";
        foreach (var step in _steps)
        {
            var ended = step.Step.State == BuildStepState.Done;
            var took = Seconds(ended ? TimeSpan.FromTicks((long)step.Step.Took / 100) : _time.GetElapsedTime(step.Began));
            var text = Cut($" => {(step.Step.Cached ? "CACHED " : "")}[{Place(step.Step)}] {step.Step.Instruction}", columns - took.Length - 2);
            // Colours as BuildKit's: what is done is blue.
            yield return Painted(ended ? "\e[34m" : "", $"{text.PadRight(Math.Max(0, columns - took.Length - 1))}{took}");
            if (ended)
                continue;
            foreach (var line in step.Lines.TakeLast(OutputLines))
                yield return Painted("\e[2m", Cut($" => => # {line}", columns - 1));
        }
    }

    private string Painted(string colour, string line) => _colours && colour.Length > 0 ? $"{colour}{line}\e[0m" : line;

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + "s";

    private static string Cut(string line, int columns)
    {
        var clean = line.Replace('\t', ' ').Replace("\r", "", StringComparison.Ordinal);
        return clean.Length <= columns ? clean : clean[..Math.Max(1, columns)];
    }

    private sealed class Shown(BuildStep step, long began)
    {
        private const int MostLines = 200;

        private string _open = "";

        public BuildStep Step { get; set; } = step;

        public long Began { get; } = began;

        public List<string> Lines { get; } = [];

        public void Take(string text)
        {
            var parts = (_open + text).Split('\n');
            _open = parts[^1];
            Lines.AddRange(parts[..^1].Select(Printable));
            if (Lines.Count > MostLines)
                Lines.RemoveRange(0, Lines.Count - MostLines);
        }

        /// <summary>A command's own movements of the cursor would tear the picture.</summary>
        private static string Printable(string line) => string.Concat(line.TrimEnd('\r').Where(c => c == '\t' || !char.IsControl(c)));
    }
}
