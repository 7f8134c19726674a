using System.Globalization;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Runs;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Stages;

/// <summary>Which stage needs which: what the target does not need is not built.</summary>
internal sealed class StageGraph
{
    private readonly IReadOnlyList<Stage> _stages;

    public StageGraph(IReadOnlyList<Stage> stages, string target)
    {
        _stages = stages;
        Target = target.Length == 0 ? stages[^1] : Named(target)
            ?? throw new SuiteException(ErrorKind.InvalidArgument, $"The Dockerfile has no stage '{target}'; it has: {string.Join(", ", stages.Select(s => s.Name.Length > 0 ? s.Name : s.Index.ToString(CultureInfo.InvariantCulture)))}.");
        var needed = new SortedSet<int>();
        Need(Target, [], needed);
        Needed = [.. needed.Select(i => stages[i])];
    }

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<Stage> All => _stages;

    public Stage Target { get; }

    /// <summary>In the file's order, the target among them.</summary>
    public IReadOnlyList<Stage> Needed { get; }

    /// <summary>The stage that COPY --from or a mount of RUN names; null when it is an image.</summary>
    public Stage? Source(Stage of, Instruction at, string from)
    {
        var found = Named(from);
        if (found is null) return null;
        if (found.Index < of.Index) return found;
        var cycle = found == of || Reaches(found, of, []);
        throw at.Wrong(cycle
            ? $"makes a cycle: the stage {of.Title} needs {found.Title}, and that needs {(found == of ? "itself" : of.Title)}"
            : $"takes from the stage {found.Title}, which comes later: move it before {of.Title}");
    }

    private Stage? Named(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _stages.Count
            ? _stages[index]
            : _stages.LastOrDefault(s => s.Name.Length > 0 && s.Name == name.ToLowerInvariant());

    private void Need(Stage stage, HashSet<int> path, SortedSet<int> needed)
    {
        if (!needed.Add(stage.Index)) return;
        if (stage.BaseStage is { } below) Need(below, path, needed);
        foreach (var (at, from) in Froms(stage))
            if (Source(stage, at, from) is { } source) Need(source, path, needed);
    }

    private bool Reaches(Stage from, Stage wanted, HashSet<int> seen) =>
        seen.Add(from.Index)
        && (from.BaseStage == wanted || (from.BaseStage is { } below && Reaches(below, wanted, seen))
            || Froms(from).Any(f => Named(f.From) is { } next && (next == wanted || Reaches(next, wanted, seen))));

    private static IEnumerable<(Instruction At, string From)> Froms(Stage stage)
    {
        foreach (var i in stage.Instructions)
        {
            if (i.Keyword == "COPY" && i.Flag("from") is { } from) yield return (i, from);
            if (i.Keyword != "RUN") continue;
            foreach (var mount in RunMount.Of(i).Where(m => m.From.Length > 0)) yield return (i, mount.From);
        }
    }
}
