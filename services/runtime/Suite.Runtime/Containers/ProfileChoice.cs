namespace Suite.Runtime.Containers;

internal enum ProfileKind
{
    /// <summary>Unconfined.</summary>
    None,

    /// <summary>The one that this runtime has for everybody.</summary>
    RuntimeDefault,

    /// <summary>One of this node.</summary>
    Localhost,
}

/// <summary>Which profile confines a container.</summary>
/// <param name="Name">Of a localhost one: the file of a seccomp profile, the loaded name of AppArmor's.</param>
internal sealed record ProfileChoice(ProfileKind Kind, string Name)
{
    public static readonly ProfileChoice None = new(ProfileKind.None, "");
}
