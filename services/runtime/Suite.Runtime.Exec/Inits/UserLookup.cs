using System.Globalization;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>Names of users and groups in the container's own /etc/passwd and /etc/group (passwd(5), group(5)).</summary>
internal sealed record UserLookup(uint Uid, uint Gid, IReadOnlyList<uint> Groups, string? Home)
{
    /// <param name="name"><c>user</c>, <c>user:group</c>, in names or numbers.</param>
    /// <param name="extra">Groups that are added to those found.</param>
    public static UserLookup Find(string name, IReadOnlyList<uint> extra) =>
        Find(name, extra, Read("/etc/passwd"), Read("/etc/group"));

    public static string? HomeOf(uint uid) => Line(Read("/etc/passwd"), fields => Number(fields, 2) == uid)?.ElementAtOrDefault(5);

    internal static UserLookup Find(string name, IReadOnlyList<uint> extra, string passwd, string group)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var userPart = colon < 0 ? name : name[..colon];
        var groupPart = colon < 0 ? "" : name[(colon + 1)..];

        var numeric = uint.TryParse(userPart, NumberStyles.None, CultureInfo.InvariantCulture, out var uid);
        var line = userPart.Length == 0
            ? Line(passwd, fields => Number(fields, 2) == 0)
            : Line(passwd, fields => fields[0] == userPart) ?? (numeric ? Line(passwd, fields => Number(fields, 2) == uid) : null);
        if (line is null && !numeric && userPart.Length > 0)
            throw new SuiteException(ErrorKind.InvalidArgument, $"find the user \"{userPart}\": the container's /etc/passwd does not have it");

        uid = line is null ? uid : Number(line, 2) ?? uid;
        var gid = line is null ? 0 : Number(line, 3) ?? 0;
        var groups = new List<uint>(extra);
        if (groupPart.Length > 0)
            gid = GroupOf(groupPart, group);
        else if (line is not null)
            groups.AddRange(Memberships(line[0], group).Where(member => member != gid && !groups.Contains(member)));

        return new UserLookup(uid, gid, groups, line?.ElementAtOrDefault(5));
    }

    private static uint GroupOf(string name, string group)
    {
        if (Line(group, fields => fields[0] == name) is { } line && Number(line, 2) is { } gid)
            return gid;
        return uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out gid)
            ? gid
            : throw new SuiteException(ErrorKind.InvalidArgument, $"find the group \"{name}\": the container's /etc/group does not have it");
    }

    private static IEnumerable<uint> Memberships(string user, string group)
    {
        foreach (var text in group.Split('\n'))
        {
            var fields = text.Split(':');
            if (fields.Length >= 4 && Array.IndexOf(fields[3].Split(','), user) >= 0 && Number(fields, 2) is { } gid)
                yield return gid;
        }
    }

    private static string[]? Line(string file, Func<string[], bool> wanted) =>
        file.Split('\n').Select(text => text.Split(':')).FirstOrDefault(fields => fields.Length >= 3 && wanted(fields));

    private static uint? Number(string[] fields, int index) =>
        index < fields.Length && uint.TryParse(fields[index], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string Read(string path)
    {
        // Only a regular file: an image's /etc/passwd that is a pipe or a device would hold us up for ever.
        var fd = RootedPath.Open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, out _);
        if (fd < 0)
            return "";

        var text = Descriptor.ReadText(fd);
        Descriptor.Close(fd);
        return text;
    }
}
