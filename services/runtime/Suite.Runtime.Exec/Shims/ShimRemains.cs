using Suite.Linux.Cgroups;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Plans;

namespace Suite.Runtime.Exec.Shims;

/// <summary>Clears up after a shim that was killed: what it could not undo itself.</summary>
public static class ShimRemains
{
    /// <summary>
    /// Kills every process left in the pod's cgroup, removes the cgroups, and the shim's own files in the pod's directory.
    /// Nothing left is no error. The reader of a log can rely on it being complete up to the death of the shim.
    /// </summary>
    /// <param name="cgroupPath"><see cref="PodPlan.CgroupPath"/>.</param>
    /// <param name="directory"><see cref="PodPlan.Directory"/>.</param>
    /// <param name="runtime"><see cref="PodPlan.Runtime"/>, which is told that its containers are gone.</param>
    public static async Task RemoveAsync(string cgroupPath, string directory, OciRuntime? runtime, CancellationToken cancellationToken)
    {
        Names.CheckCgroupPath(cgroupPath, "cgroupPath");
        Names.CheckAbsolute(directory, "directory");
        await BundleRemains.RemoveAsync(cgroupPath, directory, runtime, cancellationToken).ConfigureAwait(false);
        await Task.Run(() => Remove(cgroupPath, directory), cancellationToken).ConfigureAwait(false);
    }

    private static void Remove(string cgroupPath, string directory)
    {
        RemoveTree(CgroupHost.Detect(), cgroupPath);
        foreach (var type in new[] { "user", "pid", "net" })
            Descriptor.TryUnlink(Path.Combine(directory, "ns", type));
        _ = Descriptor.TryRemoveDirectory(Path.Combine(directory, "ns"));
        _ = Descriptor.TryRemoveDirectory(Path.Combine(directory, "shm"));
        _ = Descriptor.TryRemoveDirectory(Path.Combine(directory, "rootfs"));
        Descriptor.TryUnlink(Path.Combine(directory, "shim.sock"));
    }

    // A container may have made cgroups of its own below.
    private static void RemoveTree(CgroupHost host, string cgroupPath)
    {
        var cgroup = new Cgroup(host, cgroupPath);
        cgroup.Kill();
        foreach (var child in Children(host, cgroupPath))
            RemoveTree(host, $"{cgroupPath}/{child}");
        cgroup.Remove();
    }

    private static IReadOnlyList<string> Children(CgroupHost host, string cgroupPath) => host.Hierarchies
        .Select(hierarchy => hierarchy.PathOf(cgroupPath))
        .Where(Directory.Exists)
        .SelectMany(Directory.EnumerateDirectories)
        .Select(path => Path.GetFileName(path))
        .Distinct()
        .ToList();
}
