using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

/// <summary>How a root file system that is described as a mount gets to its directory.</summary>
internal static class RootPlanner
{
    public static MountRoot Plan(Mount rootfs, string target)
    {
        var settings = MountOptions.Parse(rootfs.Options ?? [], "rootfs", out var bind, out _);
        if (IdentityMap.From(rootfs.UidMappings, rootfs.GidMappings, "rootfs.") is { } map)
            settings = settings with { Ids = new MountIds(OfContainer: false, map, Recursive: false) };
        if (bind)
            return new MountRoot(target, "bind", rootfs.Source ?? "", settings);
        var type = rootfs.Type ?? throw new SuiteException(ErrorKind.InvalidArgument, "rootfs.type: is missing");
        return new MountRoot(target, type, rootfs.Source ?? type, settings);
    }
}
