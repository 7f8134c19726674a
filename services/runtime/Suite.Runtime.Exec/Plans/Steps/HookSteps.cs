using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>Runs hooks from within the container: with its namespaces, and before or after the pivot with the runtime's paths or its own.</summary>
internal sealed record RunHooks(HookList Hooks, string Status, StateText State) : Step
{
    internal override StepCode Code => StepCode.RunHooks;

    internal override void Write(WireWriter writer)
    {
        Hooks.Write(writer);
        writer.String(Status);
        State.Write(writer);
    }

    internal static RunHooks Read(ref WireReader reader) => new(HookList.Read(ref reader), reader.String(), StateText.Read(ref reader));

    public override string ToString() => $"run the hooks {Hooks}";
}

/// <summary>Has the process that cloned this one run the hooks of the runtime's namespaces, and waits for them.</summary>
internal sealed record AskHooks : Step
{
    internal override StepCode Code => StepCode.AskHooks;

    internal override void Write(WireWriter writer)
    {
    }

    public override string ToString() => "have the runtime run its hooks";
}
