using Suite.Linux.Native;
using Suite.Runtime.Exec.Filters;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>Connects to who will answer for system calls, while its socket has a path.</summary>
internal sealed record ConnectListener(string Path) : Step
{
    internal override StepCode Code => StepCode.ConnectListener;

    internal override void Write(WireWriter writer) => writer.String(Path);

    internal static ConnectListener Read(ref WireReader reader) => new(reader.String());

    public override string ToString() => $"connect to the listener {Path}";
}

/// <summary>
/// Gives the process a filter on its system calls. It is put in place as the last thing before execve, so that it need not
/// allow what making a container takes.
/// </summary>
/// <param name="Message">What the listener is told of the container; null: no rule notifies.</param>
internal sealed record FilterSystemCalls(SeccompProgram Program, ListenerMessage? Message) : Step
{
    internal override StepCode Code => StepCode.FilterSystemCalls;

    internal override void Write(WireWriter writer)
    {
        writer.Bytes(Program.Instructions);
        writer.UInt(Program.Flags);
        writer.Bool(Message is not null);
        Message?.Write(writer);
    }

    internal static FilterSystemCalls Read(ref WireReader reader)
    {
        var program = new SeccompProgram(reader.Bytes(), reader.UInt(), null, null);
        return new FilterSystemCalls(program, reader.Bool() ? ListenerMessage.Read(ref reader) : null);
    }

    public override string ToString()
    {
        var notify = (Program.Flags & Seccomp.SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0 ? ", with a listener" : "";
        return $"filter system calls: {Program.Instructions.Length / 8} instructions{notify}";
    }
}

/// <summary>The container process state of config-linux.md, without the pid, which only the process itself can tell.</summary>
internal sealed record ListenerMessage(string Metadata, StateText State)
{
    internal void Write(WireWriter writer)
    {
        writer.String(Metadata);
        State.Write(writer);
    }

    internal static ListenerMessage Read(ref WireReader reader) => new(reader.String(), StateText.Read(ref reader));
}
