using System.Collections.Immutable;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

/// <summary>
/// What of a container can be done before its image is known: its init is cloned, and makes those mounts that are the same whatever
/// their root is. Only of one that nobody else sees: in a pid namespace of its own, with the host's users, in a new mount namespace.
/// </summary>
internal static class HeadStartPlanner
{
    /// <returns>Null: nothing.</returns>
    public static ContainerPlan? Plan(Spec spec, ContainerOptions options)
    {
        Names.CheckId(options.Id, "id");
        var linux = spec.Linux ?? new LinuxSpec();
        var namespaces = new NamespacePlanner(linux.Namespaces ?? []);
        var clone = new CloneRequest(namespaces.CloneFlags, namespaces.PidPath, Names.CheckCgroupPath(linux.CgroupsPath ?? "", "linux.cgroupsPath"), Terminal: false)
        {
            HasSuccessor = namespaces.HasUser,
        };
        if (!clone.MayBeginAhead || namespaces.MountPath is not null || namespaces.Joins.Count > 0)
            return null;

        var propagation = ContainerPlanner.PropagationOf(linux);
        var mounts = MountPlanner.Plan(spec.Mounts ?? [], linux.MountLabel, ownUsers: false, options.PodDirectory, propagation);
        var steps = ImmutableArray.CreateBuilder<Step>();
        steps.Add(new SetPropagation(propagation));
        // Only the pod's own files are sure to be the same at the start.
        steps.AddRange(mounts.Where(mount => IsSameOnAnyRoot(mount) && (mount is not BindMount || options.PodDirectory is not null)));
        var devices = ImmutableArray.CreateBuilder<Step>();
        DevicePlanner.Add(devices, linux.Devices ?? [], spec.Mounts ?? []);
        // Where something is mounted on a node, or below a link, it is to find what the image has there.
        steps.AddRange(devices.Where(device => !mounts.Any(mount => TargetOf(mount) is { } target && MountPlanner.IsBelow(target, PathOf(device)))));
        return new ContainerPlan(options.Id, clone, steps.ToImmutable());
    }

    private static bool IsSameOnAnyRoot(Step step) => step switch
    {
        MountFilesystem mount => mount.Type is "proc" or "sysfs" or "tmpfs" or "devpts" or "mqueue" && IsPlain(mount.Settings)
            && !mount.Settings.Data.Any(option => option == MountOptions.CopyUp || option.StartsWith(MountOptions.Label, StringComparison.Ordinal)),
        BindMount bind => !bind.FromHost && IsPlain(bind.Settings),
        MountCgroup => true,
        _ => false,
    };

    private static bool IsPlain(MountSettings settings) =>
        !settings.Ids.Any && settings.Part.Length == 0 && (settings.Propagation & MountCalls.MS_SHARED) == 0;

    private static string? TargetOf(Step mount) => mount switch
    {
        MountFilesystem { Target: var target } => target,
        BindMount { Target: var target } => target,
        MountCgroup { Target: var target } => target,
        _ => null,
    };

    private static string PathOf(Step device) => device is MakeDevice { Path: var path } ? path : ((MakeLink)device).Path;
}
