using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>
/// One thing the init of a container does. Its text is one line of the plan, and names the step in an error. The records are
/// data alone, written by the planner and read by the init; what a step does is in Inits.
/// </summary>
public abstract record Step
{
    internal abstract StepCode Code { get; }

    internal abstract void Write(WireWriter writer);
}
