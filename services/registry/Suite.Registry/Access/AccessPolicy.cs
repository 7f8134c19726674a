using Suite.Linux.Errors;

namespace Suite.Registry.Access;

/// <summary>The rules, ready to be asked: what may this caller do with that repository?</summary>
internal sealed class AccessPolicy
{
    private readonly Dictionary<string, HashSet<string>> _groups;
    private readonly IReadOnlyList<Rule> _rules;

    public AccessPolicy(AccessOptions options)
    {
        IsOpen = options.Users is null && options.ClientAuthority is null;
        if (IsOpen && options.Rules.Length > 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "access.rules need somebody to log in: set access.users or access.clientAuthority in registry.json");
        _groups = options.Groups.ToDictionary(group => group.Key, group => group.Value.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        _rules = options.Rules.Length > 0
            ? [.. options.Rules.Select(Compile)]
            : [new Rule([new RepositoryPattern("**")], ["*"], Permissions.All)];
    }

    /// <summary>Whether everybody may do everything, since nobody can log in.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether a rule gives anything to somebody without a name.</summary>
    public bool AdmitsAnonymous => IsOpen || _rules.Any(rule => rule.Who.Contains("anonymous"));

    /// <summary>What the rules give, whatever a token says.</summary>
    public Permissions RulesFor(Caller caller, string repository)
    {
        if (IsOpen)
            return Permissions.All;
        var permissions = Permissions.None;
        foreach (var rule in _rules)
        {
            if ((rule.Permissions & ~permissions) != 0 && rule.Who.Any(who => Means(who, caller)) && rule.Repositories.Any(pattern => pattern.Matches(repository)))
                permissions |= rule.Permissions;
        }

        return permissions;
    }

    /// <summary>What the caller may do now: what the rules give, within the limits of the token.</summary>
    public Permissions For(Caller caller, string repository) =>
        caller.Grants is { } grants ? RulesFor(caller, repository) & grants.GetValueOrDefault(repository) : RulesFor(caller, repository);

    private bool Means(string who, Caller caller) => who switch
    {
        "anonymous" => true,
        "*" => !caller.IsAnonymous,
        ['@', .. var group] => !caller.IsAnonymous
            && (caller.Groups.Contains(group) || (_groups.TryGetValue(group, out var members) && members.Contains(caller.User))),
        _ => !caller.IsAnonymous && who == caller.User,
    };

    private static Rule Compile(AccessRule rule)
    {
        if (rule.Repositories.Length == 0 || rule.Who.Length == 0 || rule.Allow.Length == 0)
            throw new SuiteException(ErrorKind.InvalidArgument, "a rule of access.rules lacks repositories, who or allow: write all three");
        var permissions = Permissions.None;
        foreach (var word in rule.Allow)
        {
            permissions |= PermissionWords.TryParse(word, out var permission)
                ? permission
                : throw new SuiteException(ErrorKind.InvalidArgument, $"'{word}' in access.rules is not pull, push, delete or *");
        }

        return new Rule([.. rule.Repositories.Select(text => new RepositoryPattern(text))], rule.Who, permissions);
    }

    private sealed record Rule(IReadOnlyList<RepositoryPattern> Repositories, IReadOnlyList<string> Who, Permissions Permissions);
}
