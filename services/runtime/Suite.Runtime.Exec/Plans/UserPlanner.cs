using System.Collections.Immutable;
using System.Globalization;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

/// <summary>The user and time namespaces of a container, and what depends on whose ids are whose.</summary>
internal sealed class UserPlanner
{
    private readonly NamespacePlanner _namespaces;
    private readonly IdentityMap? _map;
    private readonly IReadOnlyList<string> _offsets;

    public UserPlanner(LinuxSpec linux, NamespacePlanner namespaces)
    {
        _namespaces = namespaces;
        _map = IdentityMap.From(linux.UidMappings, linux.GidMappings, "linux.");
        if (_map is not null && !namespaces.HasUser)
            throw Invalid("linux.uidMappings", "needs a user namespace; add {\"type\": \"user\"} to linux.namespaces");
        if (namespaces is { HasUser: true, UserPath: null } && _map is null)
            throw Invalid("linux.uidMappings", "is missing; a new user namespace has no ids without");
        if (_map is not null)
            CheckRoot(_map);
        _offsets = Offsets(linux.TimeOffsets, namespaces);
    }

    public void AddOpening(ImmutableArray<Step>.Builder steps)
    {
        if (_namespaces.NewTime)
            steps.Add(new SetTimeOffsets(_offsets));
        if (_namespaces.HasUser)
            steps.Add(new OpenUserNamespace(_namespaces.UserPath, _map));
    }

    public void Check(IReadOnlyList<Step> mounts)
    {
        for (var i = 0; i < mounts.Count; i++)
        {
            if (mounts[i] is BindMount bind)
                Check(bind.Settings.Ids, $"mounts[{i}]");
            else if (mounts[i] is MountFilesystem mount)
                Check(mount.Settings.Ids, $"mounts[{i}]");
        }
    }

    public void Check(MountIds ids, string field)
    {
        if (ids.OfContainer && !_namespaces.HasUser)
            throw Invalid($"{field}.options", "idmap needs uidMappings and gidMappings of the mount, or a user namespace");
    }

    private static void CheckRoot(IdentityMap map)
    {
        if (IdentityMap.HostOf(map.Uids, 0) is null)
            throw Invalid("linux.uidMappings", "does not map the id 0, which makes the container");
        if (IdentityMap.HostOf(map.Gids, 0) is null)
            throw Invalid("linux.gidMappings", "does not map the id 0, which makes the container");
    }

    private static IReadOnlyList<string> Offsets(IReadOnlyDictionary<string, TimeOffset>? offsets, NamespacePlanner namespaces)
    {
        if (offsets is not { Count: > 0 })
            return [];
        if (!namespaces.NewTime)
            throw Invalid("linux.timeOffsets", "needs a new time namespace; add {\"type\": \"time\"} to linux.namespaces");
        var lines = new List<string>();
        foreach (var (clock, offset) in offsets.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (clock is not ("monotonic" or "boottime"))
                throw Invalid($"linux.timeOffsets[{clock}]", "is neither monotonic nor boottime");
            if (offset is null || offset.Nanosecs > 999_999_999)
                throw Invalid($"linux.timeOffsets[{clock}].nanosecs", $"{offset?.Nanosecs} is not below a second");
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{clock} {offset.Secs} {offset.Nanosecs}"));
        }

        return lines;
    }

    private static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"{field}: {reason}");
}
