using Suite.Linux.Cgroups;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>Makes the container's cgroup in every hierarchy and sets its limits. Nothing is in it yet.</summary>
internal sealed record MakeCgroup(CgroupLimits Limits) : Step
{
    internal override StepCode Code => StepCode.MakeCgroup;

    internal override void Write(WireWriter writer) => LimitsCodec.Write(writer, Limits);

    internal static MakeCgroup Read(ref WireReader reader) => new(LimitsCodec.Read(ref reader));

    public override string ToString() => $"make the cgroup{Limits}";
}

/// <summary>
/// Moves the process into the container's cgroup, late, so that little of what its making took is charged to the container;
/// then makes the cgroup namespace, which has its root where the process is.
/// </summary>
internal sealed record EnterCgroup(bool NewNamespace) : Step
{
    internal override StepCode Code => StepCode.EnterCgroup;

    internal override void Write(WireWriter writer) => writer.Bool(NewNamespace);

    internal static EnterCgroup Read(ref WireReader reader) => new(reader.Bool());

    public override string ToString() => NewNamespace ? "enter the cgroup and a cgroup namespace" : "enter the cgroup";
}

/// <summary>Shows the container its own cgroups.</summary>
internal sealed record MountCgroup(string Target, MountSettings Settings) : Step
{
    internal override StepCode Code => StepCode.MountCgroup;

    internal override void Write(WireWriter writer)
    {
        writer.String(Target);
        Settings.Write(writer);
    }

    internal static MountCgroup Read(ref WireReader reader) => new(reader.String(), MountSettings.Read(ref reader));

    public override string ToString() => $"mount the cgroups on {Target}{Settings}";
}
