namespace Suite.Registry.Access;

/// <summary>What may be done with a repository.</summary>
[Flags]
internal enum Permissions
{
    None = 0,
    Pull = 1,
    Push = 2,
    Delete = 4,
    All = Pull | Push | Delete,
}

/// <summary>The words for them, in rules and in the scopes of tokens.</summary>
internal static class PermissionWords
{
    public static bool TryParse(string word, out Permissions permission)
    {
        permission = word switch
        {
            "pull" => Permissions.Pull,
            "push" => Permissions.Push,
            "delete" => Permissions.Delete,
            // What clients ask for when they want to delete (distribution's token documentation).
            "*" => Permissions.All,
            _ => Permissions.None,
        };
        return permission != Permissions.None;
    }

    public static IReadOnlyList<string> Words(this Permissions permissions)
    {
        var words = new List<string>(3);
        if (permissions.HasFlag(Permissions.Pull))
            words.Add("pull");
        if (permissions.HasFlag(Permissions.Push))
            words.Add("push");
        if (permissions.HasFlag(Permissions.Delete))
            words.Add("delete");
        return words;
    }
}
