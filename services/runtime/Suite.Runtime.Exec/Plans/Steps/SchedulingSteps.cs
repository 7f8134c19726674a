using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>personality(2).</summary>
internal sealed record SetPersonality(uint Domain) : Step
{
    internal override StepCode Code => StepCode.SetPersonality;

    internal override void Write(WireWriter writer) => writer.UInt(Domain);

    internal static SetPersonality Read(ref WireReader reader) => new(reader.UInt());

    public override string ToString() => $"set the personality 0x{Domain:x}";
}

/// <summary>sched_setattr(2).</summary>
internal sealed record SetScheduler(uint Policy, ulong Flags, int Nice, uint Priority, ulong Runtime, ulong Deadline, ulong Period) : Step
{
    internal override StepCode Code => StepCode.SetScheduler;

    internal override void Write(WireWriter writer)
    {
        writer.UInt(Policy);
        writer.ULong(Flags);
        writer.Int(Nice);
        writer.UInt(Priority);
        writer.ULong(Runtime);
        writer.ULong(Deadline);
        writer.ULong(Period);
    }

    internal static SetScheduler Read(ref WireReader reader) =>
        new(reader.UInt(), reader.ULong(), reader.Int(), reader.UInt(), reader.ULong(), reader.ULong(), reader.ULong());

    public override string ToString() => $"set the scheduler: policy {Policy}, nice {Nice}, priority {Priority}";
}

/// <summary>ioprio_set(2).</summary>
internal sealed record SetIoPriority(uint Class, uint Level) : Step
{
    internal override StepCode Code => StepCode.SetIoPriority;

    internal override void Write(WireWriter writer)
    {
        writer.UInt(Class);
        writer.UInt(Level);
    }

    internal static SetIoPriority Read(ref WireReader reader) => new(reader.UInt(), reader.UInt());

    public override string ToString() => $"set the io priority: class {Class}, level {Level}";
}

/// <summary>sched_setaffinity(2).</summary>
/// <param name="Mask">A bit for each CPU, the first in the lowest bit of the first byte.</param>
internal sealed record SetAffinity(byte[] Mask, string Cpus) : Step
{
    internal override StepCode Code => StepCode.SetAffinity;

    internal override void Write(WireWriter writer)
    {
        writer.Bytes(Mask);
        writer.String(Cpus);
    }

    internal static SetAffinity Read(ref WireReader reader) => new(reader.Bytes(), reader.String());

    public override string ToString() => $"run on the CPUs {Cpus}";
}

/// <summary>set_mempolicy(2).</summary>
internal sealed record SetMemoryPolicy(int Mode, byte[] Nodes, string Text) : Step
{
    internal override StepCode Code => StepCode.SetMemoryPolicy;

    internal override void Write(WireWriter writer)
    {
        writer.Int(Mode);
        writer.Bytes(Nodes);
        writer.String(Text);
    }

    internal static SetMemoryPolicy Read(ref WireReader reader) => new(reader.Int(), reader.Bytes(), reader.String());

    public override string ToString() => $"set the memory policy {Text}";
}

/// <summary>The label that a security module gives to the program to be executed.</summary>
/// <param name="Module">apparmor or selinux.</param>
internal sealed record SetSecurityLabel(string Module, string Label) : Step
{
    internal override StepCode Code => StepCode.SetSecurityLabel;

    internal override void Write(WireWriter writer)
    {
        writer.String(Module);
        writer.String(Label);
    }

    internal static SetSecurityLabel Read(ref WireReader reader) => new(reader.String(), reader.String());

    public override string ToString() => $"label the program with {Label} ({Module})";
}
