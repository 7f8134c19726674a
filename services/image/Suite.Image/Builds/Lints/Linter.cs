using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Stages;

namespace Suite.Image.Builds.Lints;

/// <summary>What BuildKit's linter warns of, under its names and in its words; the directive <c>check</c> says which are wanted.</summary>
internal static class Linter
{
    public static IReadOnlyList<BuildWarning> Check(Dockerfile dockerfile, BuildSession session, BuildOptions options)
    {
        var wanted = LintChoice.Read(dockerfile.Directives.Check);
        var found = new LintFindings(wanted);
        SpellingRules.Check(dockerfile, session.Graph, found);
        FromRules.Check(dockerfile, session, options, found);
        foreach (var stage in session.Graph.All) StageRules.Check(stage, session, options, found);
        BuildWarning[] warnings = [.. found.All.OrderBy(w => w.Line).ThenBy(w => w.Rule, StringComparer.Ordinal)];
        if (wanted.IsError && warnings.Length > 0)
            throw new BuildException(Linux.Errors.ErrorKind.InvalidArgument, warnings[0].Line, warnings[0].Line, $"{warnings[0].Rule}: {warnings[0].Message} (the directive 'check' makes warnings errors).");
        return warnings;
    }
}
