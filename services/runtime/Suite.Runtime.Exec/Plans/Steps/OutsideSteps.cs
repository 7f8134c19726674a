using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>Has the process that cloned this one move network devices into its namespace, and waits for them.</summary>
internal sealed record AskDevices : Step
{
    internal override StepCode Code => StepCode.AskDevices;

    internal override void Write(WireWriter writer)
    {
    }

    public override string ToString() => "have the runtime move its network devices";
}

/// <summary>Puts the process into a class of service, made where that is wanted.</summary>
internal sealed record EnterResctrl(ResctrlGroup Group) : Step
{
    internal override StepCode Code => StepCode.EnterResctrl;

    internal override void Write(WireWriter writer) => Group.Write(writer);

    internal static EnterResctrl Read(ref WireReader reader) => new(ResctrlGroup.Read(ref reader));

    public override string ToString() => $"enter the class of service {Group}";
}
