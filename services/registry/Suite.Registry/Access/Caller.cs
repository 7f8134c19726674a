namespace Suite.Registry.Access;

/// <summary>Who sent a request.</summary>
/// <param name="User">Empty for somebody who did not say.</param>
/// <param name="Groups">Those that a certificate names; those of the settings are added by the policy.</param>
/// <param name="Grants">What a token is for, by repository. Null where the caller came without a token and is not bound by one.</param>
internal sealed record Caller(string User, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, Permissions>? Grants = null)
{
    public static readonly Caller Anonymous = new("", []);

    public bool IsAnonymous => User.Length == 0;

    /// <summary>Whether the caller has a token, which somebody without a name may have too.</summary>
    public bool HasToken => Grants is not null;
}
