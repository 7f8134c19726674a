using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;

namespace Suite.Image.Builds.Lints;

/// <summary>How things are written: cases, continuations, comments.</summary>
internal static class SpellingRules
{
    public static void Check(Dockerfile dockerfile, StageGraph graph, LintFindings found)
    {
        foreach (var line in dockerfile.EmptyContinuations) found.Add("NoEmptyContinuation", line, "Empty continuation line");
        CheckCasing(dockerfile.Instructions, found);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stage in graph.All)
        {
            var words = Words.SplitRaw(stage.From, stage.From.Arguments);
            if (words.Count < 3) continue;
            if (words[2] != words[2].ToLowerInvariant()) found.Add("StageNameCasing", stage.From.Line, $"Stage name '{words[2]}' should be lowercase");
            if (IsUpper(words[1]) != IsUpper(stage.From.Spelling)) found.Add("FromAsCasing", stage.From.Line, $"'{words[1]}' and '{stage.From.Spelling}' keywords' casing do not match");
            if (stage.Name is "scratch" or "context") found.Add("ReservedStageName", stage.From.Line, $"Stage name should not use the same name as reserved stage \"{stage.Name}\"");
            if (!names.Add(stage.Name)) found.Add("DuplicateStageName", stage.From.Line, $"Duplicate stage name \"{stage.Name}\", stage names should be unique");
            CheckDescription(stage.From, "FROM", stage.Name, found);
        }

        foreach (var arg in dockerfile.Instructions.Where(i => i.Keyword == "ARG")) CheckDescription(arg, "ARG", arg.Arguments.Split('=', ' ')[0], found);
    }

    /// <summary>The majority decides what is right; a word of both cases never is.</summary>
    private static void CheckCasing(IReadOnlyList<Instruction> instructions, LintFindings found)
    {
        var upper = instructions.Count(i => IsUpper(i.Spelling));
        var lower = instructions.Count(i => i.Spelling == i.Spelling.ToLowerInvariant());
        var wantsLower = lower > upper;
        foreach (var i in instructions.Where(i => wantsLower ? i.Spelling != i.Spelling.ToLowerInvariant() : !IsUpper(i.Spelling)))
            found.Add("ConsistentInstructionCasing", i.Line, $"Command '{i.Spelling}' should match the case of the command majority ({(wantsLower ? "lowercase" : "uppercase")})");
    }

    private static void CheckDescription(Instruction i, string instruction, string name, LintFindings found)
    {
        if (i.Comments.Count > 0 && name.Length > 0 && !i.Comments[^1].StartsWith(name, StringComparison.Ordinal))
            found.Add("InvalidDefinitionDescription", i.Line, $"Comment for {(instruction == "FROM" ? "build stage" : "build argument")} should follow the format: `# {name} <description>`", experimental: true);
    }

    private static bool IsUpper(string word) => word == word.ToUpperInvariant();
}
