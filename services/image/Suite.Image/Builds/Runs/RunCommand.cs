using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Instructions;
using Suite.Image.Builds.Stages;

namespace Suite.Image.Builds.Runs;

/// <summary>What a RUN executes.</summary>
/// <param name="Arguments">The whole command line.</param>
/// <param name="Script">A here-document with an interpreter of its own, which becomes a file; null: none.</param>
internal sealed record RunCommand(IReadOnlyList<string> Arguments, Heredoc? Script)
{
    /// <summary>Where scripts are mounted: in memory, so that no image keeps the folder.</summary>
    public const string ScriptFolder = "/dev/pipes";

    public static RunCommand Read(Instruction i, StageState state)
    {
        if (i.Heredocs.Count == 0)
            return new RunCommand(JsonWords.Read(i.Arguments) is { Count: > 0 } words ? words : [.. state.Config.Shell(), i.Arguments], null);
        var first = i.Heredocs[0];
        if (HeredocReader.Begun(i.Arguments) is null)
        {
            // More than the here-document alone: the shell reads it, as it would in a script.
            var text = i.Arguments + string.Concat(i.Heredocs.Select(h => $"\n{h.Content}{h.Name}"));
            return new RunCommand([.. state.Config.Shell(), text], null);
        }

        return first.Text.StartsWith("#!", StringComparison.Ordinal)
            ? new RunCommand([$"{ScriptFolder}/{first.Name}"], first)
            : new RunCommand([.. state.Config.Shell(), first.Text], null);
    }

    /// <summary>As BuildKit writes it into an image's history: arguments before it, with their values.</summary>
    public string History(StageState state)
    {
        var args = state.Args.Keys.Select(name => $"{name}={state.Variables.GetValueOrDefault(name) ?? ""}").ToArray();
        return $"RUN {(args.Length > 0 ? $"|{args.Length} {string.Join(' ', args)} " : "")}{string.Join(' ', Arguments)} # buildkit";
    }
}
