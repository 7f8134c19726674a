using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>Which ids of a container are which ids of the host (user_namespaces(7)).</summary>
internal sealed record IdentityMap(IReadOnlyList<IdMapping> Uids, IReadOnlyList<IdMapping> Gids)
{
    // UID_GID_MAP_MAX_EXTENTS (linux/user_namespace.h).
    private const int MaxLines = 340;

    /// <returns>Null when neither is given.</returns>
    public static IdentityMap? From(IReadOnlyList<IdMapping>? uids, IReadOnlyList<IdMapping>? gids, string prefix)
    {
        if (uids is not { Count: > 0 } && gids is not { Count: > 0 })
            return null;
        return new IdentityMap(Check(uids, $"{prefix}uidMappings"), Check(gids, $"{prefix}gidMappings"));
    }

    /// <summary>The lines of /proc/PID/uid_map or gid_map.</summary>
    public static string Lines(IReadOnlyList<IdMapping> mappings) =>
        string.Concat(mappings.Select(map => $"{map.ContainerID} {map.HostID} {map.Size}\n"));

    /// <returns>The host's id of a container's; null: it has none.</returns>
    public static uint? HostOf(IReadOnlyList<IdMapping> mappings, uint id)
    {
        foreach (var map in mappings)
        {
            if (id >= map.ContainerID && id - map.ContainerID < map.Size)
                return map.HostID + (id - map.ContainerID);
        }

        return null;
    }

    internal void Write(WireWriter writer)
    {
        Write(writer, Uids);
        Write(writer, Gids);
    }

    internal static IdentityMap Read(ref WireReader reader) => new(ReadMappings(ref reader), ReadMappings(ref reader));

    internal static void Write(WireWriter writer, IReadOnlyList<IdMapping> mappings)
    {
        writer.Int(mappings.Count);
        foreach (var map in mappings)
        {
            writer.UInt(map.ContainerID);
            writer.UInt(map.HostID);
            writer.UInt(map.Size);
        }
    }

    internal static IdMapping[] ReadMappings(ref WireReader reader)
    {
        var mappings = new IdMapping[reader.Count(elementSize: 12)];
        for (var i = 0; i < mappings.Length; i++)
            mappings[i] = new IdMapping { ContainerID = reader.UInt(), HostID = reader.UInt(), Size = reader.UInt() };
        return mappings;
    }

    public override string ToString() => $"uids {Text(Uids)}, gids {Text(Gids)}";

    private static string Text(IReadOnlyList<IdMapping> mappings) =>
        string.Join(' ', mappings.Select(map => $"{map.ContainerID}={map.HostID}+{map.Size}"));

    private static IReadOnlyList<IdMapping> Check(IReadOnlyList<IdMapping>? mappings, string field)
    {
        if (mappings is not { Count: > 0 })
            throw Invalid(field, "is missing; a map of users needs one of groups, and the other way round");
        if (mappings.Count > MaxLines)
            throw Invalid(field, $"has {mappings.Count} lines; the kernel takes {MaxLines}");
        for (var i = 0; i < mappings.Count; i++)
        {
            var map = mappings[i];
            if (map.Size == 0)
                throw Invalid($"{field}[{i}].size", "is 0; a range has one id at least");
            // The last id is "no id" (user_namespaces(7)).
            if (map.ContainerID > uint.MaxValue - map.Size || map.HostID > uint.MaxValue - map.Size)
                throw Invalid($"{field}[{i}].size", $"{map.Size} leads past the last id");
            for (var j = 0; j < i; j++)
            {
                if (Overlap(map.ContainerID, mappings[j].ContainerID, map.Size, mappings[j].Size) || Overlap(map.HostID, mappings[j].HostID, map.Size, mappings[j].Size))
                    throw Invalid($"{field}[{i}]", $"overlaps with {field}[{j}]");
            }
        }

        return mappings;
    }

    private static bool Overlap(uint first, uint second, uint firstSize, uint secondSize) =>
        first < (ulong)second + secondSize && second < (ulong)first + firstSize;

    private static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"{field}: {reason}");
}
