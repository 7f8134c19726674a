using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// Steps that an init has taken before its plan came: they need neither the root file system nor what an image says. A step of the
/// plan that is the same, byte by byte, is finished; those that the plan does not have are forgotten, and end with the exec. So does a
/// file system in which one of them left something.
/// </summary>
internal sealed unsafe class HeadStart
{
    private readonly List<StepAhead> _taken = [];

    /// <param name="steps">Of <see cref="HeadStartPlanner"/>. One that fails is left to the plan, whose failure is told.</param>
    public static HeadStart Take(WireReader steps, InitContext context)
    {
        var start = new HeadStart();
        while (!steps.AtEnd)
        {
            var rest = steps.Rest;
            var step = PlanCodec.ReadStep(ref steps);
            try
            {
                if (start.Take(step, context) is not { } taken)
                    continue;
                taken.Bytes = rest[..^steps.Rest.Length].ToArray();
                start._taken.Add(taken);
            }
            catch (SuiteException)
            {
            }
        }

        return start;
    }

    /// <summary>The next step of a plan, which is skipped in it, if it has been taken. Null: it has not.</summary>
    public StepAhead? Next(ref WireReader plan)
    {
        for (var i = 0; i < _taken.Count; i++)
        {
            if (!plan.TrySkip(_taken[i].Bytes))
                continue;
            var found = _taken[i];
            _taken.RemoveAt(i);
            found.IsWanted = true;
            foreach (var inside in found.Inside)
                found.IsWanted &= plan.Rest.IndexOf(inside.Bytes) >= 0;
            return found;
        }

        return null;
    }

    private StepAhead? Take(Step step, InitContext context)
    {
        switch (step)
        {
            case SetPropagation:
                RootActions.Take(step, context);
                return new StepAhead(step);
            case MountFilesystem mount:
                var made = FilesystemMount.Create(mount.Type, mount.Source, mount.Settings, readOnlyFilesystem: false);
                return WithPlace(mount.Target, new StepAhead(step) { Tree = made });
            case BindMount bind:
                var tree = TreeActions.Open(bind.Source, bind.Recursive, bind.Settings.Ids, fromHost: false, context);
                MountActions.SetAttributes(tree, bind.Settings, bind.Target);
                var bound = new StepAhead(step) { Tree = tree };
                return MountActions.IsDirectory(tree) ? WithPlace(bind.Target, bound) : bound;
            case MountCgroup cgroup:
                return new StepAhead(step) { Cgroups = CgroupMounts.Make(cgroup, context) };
            case MakeDevice device when Around(device.Path) is { } around:
                DeviceActions.Make(around.Tree, device);
                return In(around, new StepAhead(step) { Around = around });
            case MakeLink link when Around(link.Path) is { } around:
                DeviceActions.Link(around.Tree, RootedPath.Name(link.Path), link.Target);
                return In(around, new StepAhead(step) { Around = around });
            default:
                return null;
        }
    }

    // A file system that was made ahead holds the places of those that come on it. A mount without a place takes no others.
    private StepAhead WithPlace(string target, StepAhead mount)
    {
        if (Around(target) is not { } around)
            return mount;
        fixed (byte* name = Descriptor.Path(RootedPath.Name(target)))
            _ = mkdirat(around.Tree, name, (mode_t)0x1ed /* 0755 */);
        return In(around, mount);
    }

    private static StepAhead In(StepAhead around, StepAhead step)
    {
        around.Inside.Add(step);
        return step;
    }

    private StepAhead? Around(string path) =>
        _taken.FindLast(taken => taken.Step is MountFilesystem { Type: "tmpfs" } mount && mount.Target == RootedPath.Parent(path));
}

/// <summary>A step that was taken before the plan that has it.</summary>
internal sealed class StepAhead(Step step)
{
    public Step Step => step;

    /// <summary>As the plan has it.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>What it mounts; -1: nothing.</summary>
    public int Tree { get; init; } = -1;

    public CgroupMounts? Cgroups { get; init; }

    /// <summary>The file system that it was made in; null: it is not in one.</summary>
    public StepAhead? Around { get; init; }

    /// <summary>Those that left something in it.</summary>
    public List<StepAhead> Inside { get; } = [];

    /// <summary>The plan has it, and all that was made in it.</summary>
    public bool IsWanted { get; set; }

    private bool IsPlaced { get; set; }

    /// <returns>False: it, or the file system that it was made in, is not to come into the container. The step is to be taken again.</returns>
    public bool TryFinish(InitContext context)
    {
        if (!IsWanted || Around is { IsPlaced: false })
            return false;
        switch (step)
        {
            case MountFilesystem mount:
                MountActions.Place(Tree, mount, context);
                break;
            case BindMount bind:
                MountActions.Place(Tree, bind, context);
                break;
            case MountCgroup cgroup:
                Cgroups!.Place(cgroup, context);
                break;
        }

        IsPlaced = true;
        return true;
    }
}
