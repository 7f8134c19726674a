using System.Globalization;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Users;

/// <summary>Who a process will be, and where it lives.</summary>
internal sealed record ResolvedUser(ContainerUser Ids, string Home);

/// <summary>Turns the words of a request or an image into numbers, with the image's own /etc/passwd and /etc/group.</summary>
internal static class UserResolution
{
    /// <param name="user">"user[:group]", names or numbers; empty: root.</param>
    /// <param name="security">What CRI adds: a group, further groups, and whether the image's own count.</param>
    /// <param name="files">The image's accounts.</param>
    public static ResolvedUser Resolve(string user, ContainerSecurity security, AccountFiles files)
    {
        var separator = user.IndexOf(':');
        var userPart = separator < 0 ? user : user[..separator];
        var groupPart = separator < 0 ? "" : user[(separator + 1)..];

        var account = FindAccount(userPart.Length == 0 ? "0" : userPart, files, out var uid);
        uint gid;
        if (security.Group is { } asked)
            gid = checked((uint)asked);
        else if (groupPart.Length > 0)
            gid = FindGroup(groupPart, files);
        else
            gid = account?.Gid ?? 0;

        var groups = new SortedSet<uint>();
        if (!security.StrictGroups && account is { } known)
            groups.UnionWith(files.Groups.Where(group => group.Members.Contains(known.Name)).Select(group => group.Gid));
        groups.UnionWith(security.SupplementalGroups.Select(group => checked((uint)group)));
        groups.UnionWith(security.GroupNames.Select(group => FindGroup(group, files)));
        // As containerd and kubelet's tests expect: the primary group is always among them.
        groups.Add(gid);
        var home = account?.Home is { Length: > 0 } path ? path : "/";
        return new ResolvedUser(new ContainerUser(uid, gid, [.. groups]), home);
    }

    private static Account? FindAccount(string user, AccountFiles files, out uint uid)
    {
        foreach (var account in files.Accounts)
        {
            if (account.Name == user)
            {
                uid = account.Uid;
                return account;
            }
        }
        if (!uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out uid) || uid > int.MaxValue)
            throw new SuiteException(ErrorKind.InvalidArgument, $"user {user}: the image's /etc/passwd has no such name; use one it has, or a number");
        foreach (var account in files.Accounts)
        {
            if (account.Uid == uid)
                return account;
        }
        return null;
    }

    private static uint FindGroup(string group, AccountFiles files)
    {
        foreach (var known in files.Groups)
        {
            if (known.Name == group)
                return known.Gid;
        }
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var gid) && gid <= int.MaxValue)
            return gid;
        throw new SuiteException(ErrorKind.InvalidArgument, $"group {group}: the image's /etc/group has no such name; use one it has, or a number");
    }
}
