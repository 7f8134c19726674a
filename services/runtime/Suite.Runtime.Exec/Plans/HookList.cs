using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>The hooks of one or two points, in the order in which they are run.</summary>
internal sealed record HookList(IReadOnlyList<HookCall> Calls)
{
    public static readonly HookList None = new([]);

    internal void Write(WireWriter writer)
    {
        writer.Int(Calls.Count);
        foreach (var call in Calls)
        {
            writer.String(call.Field);
            writer.String(call.Path);
            writer.Strings(call.Arguments);
            writer.Strings(call.Environment);
            writer.Int(call.TimeoutSeconds);
        }
    }

    internal static HookList Read(ref WireReader reader)
    {
        var calls = new HookCall[reader.Count(elementSize: 20)];
        for (var i = 0; i < calls.Length; i++)
            calls[i] = new HookCall(reader.String(), reader.String(), reader.Strings(), reader.Strings(), reader.Int());
        return new HookList(calls);
    }

    public override string ToString() => string.Join(", ", Calls.Select(call => $"{call.Field} {call.Path}"));
}

/// <summary>One program to run.</summary>
/// <param name="Field">Where it is in config.json: <c>hooks.prestart[0]</c>.</param>
/// <param name="Arguments">With the name first, as execve(2) has them.</param>
/// <param name="TimeoutSeconds">0: none.</param>
internal sealed record HookCall(
    string Field, string Path, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, int TimeoutSeconds);

/// <summary>What is run outside the container, by who makes it.</summary>
/// <param name="Creating">prestart and createRuntime: the namespaces are there, the root is not pivoted.</param>
/// <param name="Started">poststart.</param>
/// <param name="Stopped">poststop.</param>
internal sealed record RuntimeHooks(HookList Creating, HookList Started, HookList Stopped, StateText State)
{
    public static readonly RuntimeHooks None = new(HookList.None, HookList.None, HookList.None, new StateText("", ""));

    internal void Write(WireWriter writer)
    {
        Creating.Write(writer);
        Started.Write(writer);
        Stopped.Write(writer);
        State.Write(writer);
    }

    internal static RuntimeHooks Read(ref WireReader reader) =>
        new(HookList.Read(ref reader), HookList.Read(ref reader), HookList.Read(ref reader), StateText.Read(ref reader));
}
