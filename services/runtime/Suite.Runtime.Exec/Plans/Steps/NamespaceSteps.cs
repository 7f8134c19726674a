using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

internal sealed record JoinNamespace(string Type, string Path) : Step
{
    internal override StepCode Code => StepCode.JoinNamespace;

    internal override void Write(WireWriter writer)
    {
        writer.String(Type);
        writer.String(Path);
    }

    internal static JoinNamespace Read(ref WireReader reader) => new(reader.String(), reader.String());

    public override string ToString() => $"join the {Type} namespace {Path}";
}

/// <summary>Joins every namespace of the container's first process; the pid namespace came with the clone.</summary>
internal sealed record JoinContainer : Step
{
    internal override StepCode Code => StepCode.JoinContainer;

    internal override void Write(WireWriter writer)
    {
    }

    public override string ToString() => "join the container's namespaces";
}

internal sealed record SetHostname(string Name) : Step
{
    internal override StepCode Code => StepCode.SetHostname;

    internal override void Write(WireWriter writer) => writer.String(Name);

    internal static SetHostname Read(ref WireReader reader) => new(reader.String());

    public override string ToString() => $"set the hostname {Name}";
}

internal sealed record SetDomainname(string Name) : Step
{
    internal override StepCode Code => StepCode.SetDomainname;

    internal override void Write(WireWriter writer) => writer.String(Name);

    internal static SetDomainname Read(ref WireReader reader) => new(reader.String());

    public override string ToString() => $"set the domain name {Name}";
}

internal sealed record SetSysctl(string Name, string Value) : Step
{
    internal override StepCode Code => StepCode.SetSysctl;

    internal override void Write(WireWriter writer)
    {
        writer.String(Name);
        writer.String(Value);
    }

    internal static SetSysctl Read(ref WireReader reader) => new(reader.String(), reader.String());

    public override string ToString() => $"set the sysctl {Name} = {Value}";
}
