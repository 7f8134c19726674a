using Suite.Linux.Cgroups;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>New limits for a container that runs. No process of it is touched, so anybody who may write to cgroups can do it.</summary>
public static class LimitsUpdate
{
    /// <exception cref="Suite.Linux.Errors.SuiteException">
    /// InvalidArgument or Unsupported: a limit is out of range or the host lacks its controller, and nothing was changed. An
    /// ErrnoException: the kernel refused one; those before it are in force.
    /// </exception>
    public static void Apply(CgroupHost host, string cgroupPath, LinuxResources resources) =>
        new Cgroup(host, cgroupPath).Limit(LimitsPlanner.From(resources));
}
