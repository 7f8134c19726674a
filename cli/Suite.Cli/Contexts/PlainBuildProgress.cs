using System.Globalization;
using System.Text;
using Suite.Graph.V1;

namespace Suite.Cli.Contexts;

/// <summary>A line for each thing that happens, with the step's number before it: for logs, and where several stages print at once.</summary>
internal sealed class PlainBuildProgress(TextWriter writer, TimeProvider time) : BuildProgress
{
    private readonly Dictionary<uint, (long Began, StringBuilder Line)> _steps = [];

    public override void Step(BuildStep step)
    {
        if (step.State == BuildStepState.Begun)
        {
            _steps[step.Index] = (time.GetTimestamp(), new StringBuilder());
            writer.WriteLine($"#{step.Index} [{Place(step)}] {step.Instruction}");
            return;
        }

        if (_steps.Remove(step.Index, out var ended) && ended.Line.Length > 0)
            Line(step.Index, ended.Began, ended.Line);
        writer.WriteLine(step.Cached ? $"#{step.Index} CACHED" : string.Create(CultureInfo.InvariantCulture, $"#{step.Index} DONE {step.Took / 1e9:0.0}s"));
    }

    public override void Print(BuildOutput output)
    {
        if (!_steps.TryGetValue(output.Step, out var step))
            return;
        foreach (var c in Encoding.UTF8.GetString(output.Data.Span))
        {
            if (c == '\n')
                Line(output.Step, step.Began, step.Line);
            else
                step.Line.Append(c);
        }
    }

    public override void End(IReadOnlyList<BuildWarning> warnings)
    {
        foreach (var (index, (began, line)) in _steps)
        {
            if (line.Length > 0)
                Line(index, began, line);
        }

        foreach (var warning in warnings)
            writer.WriteLine($"WARN: {warning.Rule}: {warning.Message} (line {warning.Line})");
    }

    private void Line(uint step, long began, StringBuilder line)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"#{step} {time.GetElapsedTime(began).TotalSeconds:0.000} {line.ToString().TrimEnd('\r')}"));
        line.Clear();
    }
}
