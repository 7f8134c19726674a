using Suite.Container.V1;
using Suite.Graph.V1;
using InspectResponse = Suite.Container.V1.InspectResponse;

namespace Suite.Cli.Inspection;

/// <summary>
/// Of the changes in a container's files those that are its own. The places on which the runtime mounts something are made where
/// an image lacks them; neither they nor a folder that is changed by them alone say anything about the container.
/// </summary>
internal static class OwnChanges
{
    private static readonly string[] Always = ["/dev", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/proc", "/sys"];

    public static IEnumerable<RootfsChange> Of(IReadOnlyList<RootfsChange> changes, InspectResponse container)
    {
        HashSet<string> places = [.. Always, .. container.Mounts.Select(m => Trimmed(m.Target)), .. (container.Spec?.Tmpfs ?? []).Select(t => Trimmed(t.Target))];
        var made = changes.Where(c => c.Kind == ChangeKind.Added && IsPlace(c.Path, places)).Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        var own = changes.Where(c => !made.Contains(c.Path)).ToList();
        var byThemAlone = own.Where(c => c.Kind != ChangeKind.Deleted && made.Any(path => IsBelow(path, c.Path)) && !own.Any(other => IsBelow(other.Path, c.Path))).ToHashSet();
        return own.Where(c => !byThemAlone.Contains(c));
    }

    // Nodes are made in /dev where nothing is mounted on it.
    private static bool IsPlace(string path, HashSet<string> places) => places.Contains(path) || path.StartsWith("/dev/", StringComparison.Ordinal);

    private static bool IsBelow(string path, string folder) => path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal);

    private static string Trimmed(string path) => path.TrimEnd('/');
}
