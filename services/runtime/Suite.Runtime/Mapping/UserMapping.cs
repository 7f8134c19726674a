using Suite.Linux.Errors;
using Suite.Runtime.Pods;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>CRI's words for a pod's users, into ours and back: one range of users and one of groups, both from 0 (api.proto, UserNamespace).</summary>
internal static class UserMapping
{
    public static UserMap? ToDomain(Cri.UserNamespace? users, string field)
    {
        if (users is null)
            return null;
        if (users.Mode == Cri.NamespaceMode.Node)
            return users.Uids.Count + users.Gids.Count == 0 ? null : throw Invalid($"{field}: mappings mean nothing with NODE");
        if (users.Mode != Cri.NamespaceMode.Pod)
            throw Invalid($"{field}.mode: must be POD or NODE");
        return new UserMap(Range(users.Uids, $"{field}.uids"), Range(users.Gids, $"{field}.gids"));
    }

    public static Cri.UserNamespace? ToMessage(UserMap? map) => map is null ? null : new Cri.UserNamespace
    {
        Mode = Cri.NamespaceMode.Pod,
        Uids = { ToMessage(map.Users) },
        Gids = { ToMessage(map.Groups) },
    };

    /// <summary>A volume's; null: it has none.</summary>
    public static UserMap? OfMount(Cri.Mount mount, string field) => mount.UidMappings.Count + mount.GidMappings.Count == 0
        ? null
        : new UserMap(Range(mount.UidMappings, $"{field}.uidMappings"), Range(mount.GidMappings, $"{field}.gidMappings"));

    public static Cri.IDMapping ToMessage(IdRange range) => new() { ContainerId = 0, HostId = range.First, Length = range.Count };

    private static IdRange Range(IReadOnlyList<Cri.IDMapping> mappings, string field) => mappings switch
    {
        [{ ContainerId: 0, Length: > 0 } only] => new IdRange(only.HostId, only.Length),
        [_] => throw Invalid($"{field}: the mapping must begin with container_id 0 and have a length"),
        _ => throw Invalid($"{field}: has {mappings.Count} mappings, where one is needed"),
    };

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
