namespace Suite.Linux.Cgroups;

/// <summary>One mounted tree of cgroups(7).</summary>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="Controllers">What it controls; on the v2 tree, what the root offers.</param>
/// <param name="Unified">Whether it is the v2 tree.</param>
public sealed record CgroupHierarchy(string MountPoint, IReadOnlyList<string> Controllers, bool Unified)
{
    public string PathOf(string cgroupPath) => MountPoint + cgroupPath;

    public bool Has(string controller) => Controllers.Contains(controller);
}
