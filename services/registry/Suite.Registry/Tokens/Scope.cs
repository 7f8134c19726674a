using System.Diagnostics.CodeAnalysis;
using Suite.Oci.References;
using Suite.Registry.Access;

namespace Suite.Registry.Tokens;

/// <summary>What a token is asked for: repository:NAME:ACTION,ACTION (distribution's token scope documentation).</summary>
internal sealed record Scope(string Repository, Permissions Permissions)
{
    /// <summary>False for what is no repository's scope, which a token service leaves out of the token.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Scope? scope)
    {
        scope = null;
        // The name may hold colons where it holds a host; the actions follow the last one.
        var last = text.LastIndexOf(':');
        var first = text.IndexOf(':', StringComparison.Ordinal);
        if (first < 0 || last <= first || text[..first] is not ("repository" or "repository(plugin)"))
            return false;
        var name = text[(first + 1)..last];
        if (!ReferenceGrammar.IsRepository(name))
            return false;
        var permissions = Permissions.None;
        foreach (var word in text[(last + 1)..].Split(','))
        {
            if (PermissionWords.TryParse(word, out var permission))
                permissions |= permission;
        }

        scope = new Scope(name, permissions);
        return true;
    }

    public override string ToString() => $"repository:{Repository}:{string.Join(',', Permissions.Words())}";
}
