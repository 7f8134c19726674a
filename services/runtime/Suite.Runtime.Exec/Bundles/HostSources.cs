using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Bundles;

/// <summary>
/// The host's own mounts in the places of the copies that a pod has of them, for another runtime to bind: the host may have mounted
/// something there since, and what is to be shared with it has to be its own.
/// </summary>
internal static class HostSources
{
    /// <param name="mounts">Of a config.json.</param>
    /// <param name="podDirectory">What is mounted in it is seen in the pod alone.</param>
    public static IEnumerable<Step> Of(IReadOnlyList<Mount> mounts, string podDirectory)
    {
        var binds = mounts.Where(mount => IsBind(mount) && !MountPlanner.IsBelow(Names.CheckAbsolute(mount.Source ?? "", "mounts.source"), podDirectory)).ToList();
        var others = Topmost(binds.Where(mount => !IsShared(mount)));
        foreach (var source in others)
            yield return new ShareSource(source);
        // Before anything is put below them: it would be mounted on the host as well.
        if (others.Count > 0)
            yield return new SetPropagation(MountCalls.MS_SLAVE | MountCalls.MS_REC);
        foreach (var source in Topmost(binds.Where(IsShared)))
            yield return new ShareSource(source);
    }

    /// <summary>What is below another comes with that: a path is sorted behind those that it begins with.</summary>
    private static List<string> Topmost(IEnumerable<Mount> mounts)
    {
        var top = new List<string>();
        foreach (var source in mounts.Select(mount => mount.Source!.Length > 1 ? mount.Source.TrimEnd('/') : mount.Source).Order(StringComparer.Ordinal))
        {
            if (!top.Exists(other => MountPlanner.IsBelow(source, other)))
                top.Add(source);
        }

        return top;
    }

    private static bool IsBind(Mount mount) => mount.Type == "bind" || mount.Options is { } options && options.Any(option => option is "bind" or "rbind");

    private static bool IsShared(Mount mount) => mount.Options is { } options && options.Any(option => option is "shared" or "rshared");
}
