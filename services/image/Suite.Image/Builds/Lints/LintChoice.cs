namespace Suite.Image.Builds.Lints;

/// <summary>The directive <c>check</c>: <c>skip=RuleA,RuleB;error=true;experimental=all</c>.</summary>
internal sealed record LintChoice(IReadOnlySet<string> Skipped, bool IsError, IReadOnlySet<string> Experimental)
{
    public static LintChoice Read(string directive)
    {
        var skipped = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var experimental = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var isError = false;
        foreach (var part in directive.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (part.Split('=', 2)[0].Trim(), part.Split('=', 2) is [_, var said] ? said.Trim() : "");
            var rules = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (name == "skip") skipped.UnionWith(rules);
            else if (name == "experimental") experimental.UnionWith(rules);
            else if (name == "error") isError = value.Equals("true", StringComparison.OrdinalIgnoreCase);
        }

        return new LintChoice(skipped, isError, experimental);
    }

    public bool Wants(string rule, bool isExperimental) =>
        !Skipped.Contains("all") && !Skipped.Contains(rule) && (!isExperimental || Experimental.Contains("all") || Experimental.Contains(rule));
}

/// <summary>Warnings as they are found.</summary>
internal sealed class LintFindings(LintChoice choice)
{
    private const string Documentation = "https://docs.docker.com/go/dockerfile/rule/";

    private readonly List<BuildWarning> _found = [];

    public IReadOnlyList<BuildWarning> All => _found;

    public void Add(string rule, int line, string message, bool experimental = false)
    {
        if (choice.Wants(rule, experimental)) _found.Add(new BuildWarning(rule, line, message, Documentation + Kebab(rule) + "/"));
    }

    private static string Kebab(string rule) =>
        string.Concat(rule.Select((c, i) => (i > 0 && char.IsUpper(c) && (char.IsLower(rule[i - 1]) || (i + 1 < rule.Length && char.IsLower(rule[i + 1]))) ? "-" : "") + char.ToLowerInvariant(c)));
}
