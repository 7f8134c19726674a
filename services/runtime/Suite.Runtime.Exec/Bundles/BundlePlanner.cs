using System.Collections.Immutable;
using System.Text.Json;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Bundles;

/// <summary>
/// Plans for a pod with <see cref="PodPlan.Runtime"/>. A child of the shim mounts the root file system in a mount namespace of its
/// own and becomes the runtime's create: the mount is seen by that process and the container alone, and goes with them.
/// </summary>
public static class BundlePlanner
{
    /// <summary>A container's create. What is asked next, its start, the shim does by itself.</summary>
    /// <exception cref="SuiteException">As <see cref="ContainerPlan.From"/>, as far as the runtime does not find it itself.</exception>
    public static ContainerPlan PlanContainer(Spec spec, ContainerOptions options, PodPlan pod)
    {
        Names.CheckId(options.Id, "id");
        var linux = spec.Linux ?? new LinuxSpec();
        var cgroup = Names.CheckCgroupPath(linux.CgroupsPath ?? "", "linux.cgroupsPath");
        var places = new BundlePlaces(pod.Directory, options.Id);
        var terminal = spec.Process?.Terminal ?? false;
        var files = places.FilesOf("create", terminal);

        var steps = ImmutableArray.CreateBuilder<Step>();
        steps.Add(new MakeBundle(places.Folder, places.Rootfs));
        steps.Add(new WriteFile(places.Config, JsonSerializer.SerializeToUtf8Bytes(BundleSpec.Of(spec, pod, places.Rootfs), RuntimeJson.Default.Spec)));
        if (pod.UidMappings.Count > 0)
            steps.Add(new OpenUserNamespace(pod.UserNamespacePath, null));
        steps.Add(new SetPropagation(MountCalls.MS_SLAVE | MountCalls.MS_REC));
        if (options.Rootfs is { } rootfs)
            steps.Add(RootPlanner.Plan(rootfs, places.Rootfs));
        steps.AddRange(HostSources.Of(spec.Mounts ?? [], pod.Directory));
        steps.Add(new RuntimeCommands(RuntimeOf(pod)).Create(options.Id, places.Folder, files));
        return new ContainerPlan(options.Id, new CloneRequest(Sched.CLONE_NEWNS, null, cgroup, terminal) { Bundle = files }, steps.ToImmutable());
    }

    /// <summary>A further process. Its filter of system calls is the container's own, which the runtime knows.</summary>
    /// <param name="execId">Unique in its container.</param>
    public static ProcessPlan PlanProcess(Process process, string containerId, string execId, PodPlan pod)
    {
        Names.CheckId(containerId, "containerId");
        Names.CheckId(execId, "execId");
        var files = new BundlePlaces(pod.Directory, containerId).FilesOf(execId, process.Terminal);
        return new ProcessPlan(
            new CloneRequest(0, null, "/", process.Terminal) { Bundle = files },
            [
                new WriteFile(files.Description, JsonSerializer.SerializeToUtf8Bytes(process, RuntimeJson.Default.Process)),
                new RuntimeCommands(RuntimeOf(pod)).Exec(containerId, files),
            ]);
    }

    private static OciRuntime RuntimeOf(PodPlan pod) =>
        pod.Runtime ?? throw new SuiteException(ErrorKind.InvalidArgument, $"plan a bundle: the pod {pod.Id} has no other runtime");
}
