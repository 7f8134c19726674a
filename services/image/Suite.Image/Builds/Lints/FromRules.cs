using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Instructions;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;
using Suite.Oci.References;

namespace Suite.Image.Builds.Lints;

/// <summary>FROM: its arguments and its platform.</summary>
internal static class FromRules
{
    public static void Check(Dockerfile dockerfile, BuildSession session, BuildOptions options, LintFindings found)
    {
        var declared = dockerfile.Instructions.TakeWhile(i => i.Keyword != "FROM").SelectMany(GlobalScope.Arguments).Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
        var defaults = new GlobalScope(new Dictionary<string, string>(), session.Platform, options.Target);
        foreach (var i in dockerfile.Instructions.TakeWhile(i => i.Keyword != "FROM")) defaults.Declare(i);
        foreach (var stage in session.Graph.All)
        {
            var written = Words.SplitRaw(stage.From, stage.From.Arguments)[0];
            Unset(stage.From, written, session.Scope, declared, found);
            if (stage.From.Flag("platform") is { } platform)
            {
                Unset(stage.From, platform, session.Scope, declared, found);
                CheckPlatform(stage.From, platform, session, found);
            }

            var byDefault = new Expansion(defaults.Values.GetValueOrDefault).Of(stage.From, written);
            if (written != byDefault && (byDefault.Length == 0 || (byDefault != "scratch" && stage.BaseStage is null && !Reference.TryParse(byDefault, out _))))
                found.Add("InvalidDefaultArgInFrom", stage.From.Line, $"Default value for ARG {written} results in empty or invalid base image name");
        }
    }

    private static void Unset(Instruction i, string word, GlobalScope scope, IReadOnlySet<string> declared, LintFindings found) => new Expansion(
        scope.Values.GetValueOrDefault,
        name =>
        {
            if (!declared.Contains(name)) found.Add("UndefinedArgInFrom", i.Line, $"FROM argument '{name}' is not declared{Suggestion(name, scope.Values.Keys.Concat(declared), "")}");
        }).Of(i, word);

    private static void CheckPlatform(Instruction i, string platform, BuildSession session, LintFindings found)
    {
        if (platform is "$TARGETPLATFORM" or "${TARGETPLATFORM}")
            found.Add("RedundantTargetPlatform", i.Line, $"Setting platform to predefined {platform} in FROM is redundant as this is the default behavior");
        else if (!platform.Contains('$', StringComparison.Ordinal) && session.Graph.All.Count(s => s.From.Flag("platform") is not null) == 1 && session.Graph.Target.From == i)
            found.Add("FromPlatformFlagConstDisallowed", i.Line, $"FROM --platform flag should not use constant value \"{platform}\"");
    }

    internal static string Suggestion(string name, IEnumerable<string> known, string mark) =>
        Likeness.Nearest(name, known) is { } nearest ? $" (did you mean {mark}{nearest}?)" : "";
}
