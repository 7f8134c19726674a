using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>
/// Says that everything is made, and waits to be started. What is to be executed is looked up before: after the start nobody may be
/// there who wants to know.
/// </summary>
internal sealed record AwaitStart(string Program, IReadOnlyList<string> Environment, string Directory) : Step
{
    internal override StepCode Code => StepCode.AwaitStart;

    internal override void Write(WireWriter writer)
    {
        writer.String(Program);
        writer.Strings(Environment);
        writer.String(Directory);
    }

    internal static AwaitStart Read(ref WireReader reader) => new(reader.String(), reader.Strings(), reader.String());

    public override string ToString() => $"find {Program} and wait for the start";
}
