using System.Text.RegularExpressions;
using Suite.Image.Builds.Copies;
using Suite.Image.Builds.Dockerfiles;
using Suite.Image.Builds.Instructions;
using Suite.Image.Builds.Stages;
using Suite.Image.Builds.Variables;

namespace Suite.Image.Builds.Lints;

/// <summary>The instructions of a stage.</summary>
internal static partial class StageRules
{
    /// <summary>Variables that shells and bases have, whose use before their definition is meant.</summary>
    private static readonly HashSet<string> Usual = ["PATH"];

    public static void Check(Stage stage, BuildSession session, BuildOptions options, LintFindings found)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var (workdirIsAbsolute, hasShell) = (false, false);
        var ignored = new ExcludedPaths(options.Ignored);
        foreach (var i in stage.Instructions)
        {
            CheckVariables(i, stage, session, variables, found);
            switch (i.Keyword)
            {
                case "MAINTAINER":
                    found.Add("MaintainerDeprecated", i.Line, "Maintainer instruction is deprecated in favor of using label");
                    break;
                case "SHELL":
                    hasShell = true;
                    break;
                case "CMD" or "ENTRYPOINT" when !hasShell && JsonWords.Read(i.Arguments) is null:
                    found.Add("JSONArgsRecommended", i.Line, $"JSON arguments recommended for {i.Keyword} to prevent unintended behavior related to OS signals");
                    break;
                case "WORKDIR":
                    if (!workdirIsAbsolute && !Expanded(i, variables).StartsWith('/'))
                        found.Add("WorkdirRelativePath", i.Line, $"Relative workdir \"{i.Arguments}\" can have unexpected results if the base image changes");
                    workdirIsAbsolute = true;
                    break;
                case "ENV" or "LABEL" when NamedValues.IsOldForm(Words.SplitRaw(i, i.Arguments)):
                    found.Add("LegacyKeyValueFormat", i.Line, $"\"{i.Keyword} key=value\" should be used instead of legacy \"{i.Keyword} key value\" format");
                    break;
                case "EXPOSE":
                    CheckPorts(i, found);
                    break;
                case "COPY" or "ADD" when i.Flag("from") is null && !ignored.IsEmpty:
                    CheckIgnored(i, ignored, found);
                    break;
            }

            if (i.Keyword is "ARG" or "ENV") Declare(i, session, variables, found);
        }

        foreach (var several in stage.Instructions.Where(i => i.Keyword is "CMD" or "ENTRYPOINT" or "HEALTHCHECK").GroupBy(i => i.Keyword).Where(g => g.Count() > 1))
            foreach (var useless in several.SkipLast(1))
                found.Add("MultipleInstructionsDisallowed", useless.Line, $"Multiple {several.Key} instructions should not be used in the same stage because only the last one will be used");
    }

    private static void Declare(Instruction i, BuildSession session, Dictionary<string, string> variables, LintFindings found)
    {
        IEnumerable<string> names = i.Keyword == "ARG" ? GlobalScope.Arguments(i).Select(a => a.Name) : NamedValues.Read(i, new Expansion(static _ => "")).Select(p => p.Name);
        foreach (var name in names)
        {
            variables[name] = session.Scope.Values.GetValueOrDefault(name, "");
            if (Secret().IsMatch(name) && !NoSecret().IsMatch(name))
                found.Add("SecretsUsedInArgOrEnv", i.Line, $"Do not use ARG or ENV instructions for sensitive data ({i.Keyword} \"{name}\")");
        }
    }

    /// <summary>What an image's own configuration sets is not known before it is here: only bases without one are sure.</summary>
    private static void CheckVariables(Instruction i, Stage stage, BuildSession session, Dictionary<string, string> variables, LintFindings found)
    {
        var bottom = stage;
        while (bottom.BaseStage is { } below) bottom = below;
        if (bottom.Base != "scratch" || i.Keyword is not ("ADD" or "COPY" or "ENV" or "EXPOSE" or "LABEL" or "STOPSIGNAL" or "USER" or "VOLUME" or "WORKDIR" or "ARG") || i.Heredocs.Count > 0) return;
        var inherited = new HashSet<string>(StringComparer.Ordinal);
        for (var below = stage.BaseStage; below is not null; below = below.BaseStage)
            foreach (var env in below.Instructions.Where(e => e.Keyword == "ENV")) inherited.UnionWith(NamedValues.Read(env, new Expansion(static _ => "")).Select(p => p.Name));
        new Expansion(
            name => variables.TryGetValue(name, out var value) ? value : inherited.Contains(name) || Usual.Contains(name) || GlobalScope.IsProxy(name) ? "" : null,
            name => found.Add("UndefinedVar", i.Line, $"Usage of undefined variable '${name}'{FromRules.Suggestion(name, variables.Keys.Concat(inherited), "$")}")).OfText(i, i.Arguments);
    }

    private static void CheckPorts(Instruction i, LintFindings found)
    {
        foreach (var port in Words.SplitRaw(i, i.Arguments))
        {
            var parts = port.Split('/', 2);
            if (parts.Length == 2 && parts[1] != parts[1].ToLowerInvariant() && !parts[1].Contains('$', StringComparison.Ordinal))
                found.Add("ExposeProtoCasing", i.Line, $"Defined protocol '{port}' in EXPOSE instruction should be lowercase");
            if (parts[0].Contains(':', StringComparison.Ordinal) && !parts[0].Contains('$', StringComparison.Ordinal))
                found.Add("ExposeInvalidFormat", i.Line, $"EXPOSE instruction should not define an IP address or host-port mapping, found '{port}'");
        }
    }

    private static void CheckIgnored(Instruction i, ExcludedPaths ignored, LintFindings found)
    {
        var words = JsonWords.Read(i.Arguments) ?? Words.SplitRaw(i, i.Arguments);
        foreach (var source in words.SkipLast(1).Where(s => !s.Contains('$', StringComparison.Ordinal) && HeredocReader.Begun(s) is null && !AddedUrl.IsOne(s) && !AddedGit.IsOne(i, s)))
        {
            var path = string.Join('/', source.Split('/').Where(p => p.Length > 0 && p != "."));
            if (path.Length > 0 && ignored.Has(path)) found.Add("CopyIgnoredFile", i.Line, $"Attempting to {i.Keyword} file \"{source}\" that is excluded by .dockerignore");
        }
    }

    private static string Expanded(Instruction i, Dictionary<string, string> variables) => new Expansion(variables.GetValueOrDefault).OfText(i, i.Arguments.Trim('"', '\''));

    [GeneratedRegex("(?i)(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)")]
    private static partial Regex Secret();

    [GeneratedRegex("(?i)(?:_|^)(?:public)(?:_|$)")]
    private static partial Regex NoSecret();
}
