using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Bundles;

/// <summary>
/// The config.json of a container that another runtime makes: that of our own driver, with what our driver reads between the lines
/// said in words that every runtime knows.
/// </summary>
internal static class BundleSpec
{
    /// <summary>What all of them know: some refuse a later one (crun before 1.9), and none refuses what a later one has added.</summary>
    private const string Version = "1.0.2";

    public static Spec Of(Spec spec, PodPlan pod, string rootfs)
    {
        var mapped = pod.UidMappings.Count > 0;
        return spec with
        {
            OciVersion = Version,
            Root = (spec.Root ?? new Root()) with { Path = rootfs },
            Mounts = mapped ? [.. (spec.Mounts ?? []).Select(mount => WithMap(mount, pod))] : spec.Mounts,
            // Who joins a user namespace by its path is told its ids as well: older runtimes do not look them up.
            Linux = mapped ? spec.Linux! with { UidMappings = pod.UidMappings, GidMappings = pod.GidMappings } : spec.Linux,
        };
    }

    /// <summary>
    /// "idmap" alone is an option of this driver and of few others; the mappings are the specification's. A sysfs only the owner of
    /// the network may mount, who is on the host: what a pod sees of it is the host's, read-only, as with our driver.
    /// </summary>
    private static Mount WithMap(Mount mount, PodPlan pod) =>
        mount.Type == "sysfs" ? mount with { Type = "bind", Source = "/sys", Options = ["rbind", "rprivate", "rro", "nosuid", "noexec", "nodev"] }
        : mount.Options is { } options && options.Any(option => option is "idmap" or "ridmap") && mount.UidMappings is null
            ? mount with { UidMappings = pod.UidMappings, GidMappings = pod.GidMappings }
            : mount;
}
