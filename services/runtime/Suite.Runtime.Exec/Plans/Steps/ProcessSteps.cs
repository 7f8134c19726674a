using Suite.Linux.Processes;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

internal sealed record SetOomScore(int Value) : Step
{
    internal override StepCode Code => StepCode.SetOomScore;

    internal override void Write(WireWriter writer) => writer.Int(Value);

    internal static SetOomScore Read(ref WireReader reader) => new(reader.Int());

    public override string ToString() => $"set oom_score_adj {Value}";
}

internal sealed record SetRlimit(string Name, ulong Soft, ulong Hard) : Step
{
    internal override StepCode Code => StepCode.SetRlimit;

    internal override void Write(WireWriter writer)
    {
        writer.String(Name);
        writer.ULong(Soft);
        writer.ULong(Hard);
    }

    internal static SetRlimit Read(ref WireReader reader) => new(reader.String(), reader.ULong(), reader.ULong());

    public override string ToString() => $"set {Name} {Text(Soft)}:{Text(Hard)}";

    private static string Text(ulong value) => value == ulong.MaxValue ? "unlimited" : $"{value}";
}

/// <summary>Makes the working directory while the process still may.</summary>
internal sealed record MakeDirectory(string Path) : Step
{
    internal override StepCode Code => StepCode.MakeDirectory;

    internal override void Write(WireWriter writer) => writer.String(Path);

    internal static MakeDirectory Read(ref WireReader reader) => new(reader.String());

    public override string ToString() => $"make the directory {Path}";
}

/// <param name="Lookup"><c>user[:group]</c> to look up in the container instead of the numbers; null: the numbers.</param>
/// <param name="Bounding">The capabilities the bounding set keeps, which must be cut before the user changes.</param>
internal sealed record SetUser(uint Uid, uint Gid, IReadOnlyList<uint> Groups, uint? Umask, string? Lookup, CapabilitySet Bounding) : Step
{
    internal override StepCode Code => StepCode.SetUser;

    internal override void Write(WireWriter writer)
    {
        writer.UInt(Uid);
        writer.UInt(Gid);
        writer.Int(Groups.Count);
        foreach (var group in Groups)
            writer.UInt(group);
        writer.OptionalLong(Umask);
        writer.OptionalString(Lookup);
        writer.ULong(Bounding.Bits);
    }

    internal static SetUser Read(ref WireReader reader)
    {
        var uid = reader.UInt();
        var gid = reader.UInt();
        var groups = new uint[reader.Count(elementSize: 4)];
        for (var i = 0; i < groups.Length; i++)
            groups[i] = reader.UInt();

        return new SetUser(uid, gid, groups, (uint?)reader.OptionalLong(), reader.OptionalString(), new CapabilitySet(reader.ULong()));
    }

    public override string ToString()
    {
        var groups = Groups.Count == 0 ? "" : $", groups {string.Join(' ', Groups)}";
        var umask = Umask is null ? "" : $", umask 0{Convert.ToString(Umask.Value, 8)}";
        return $"become {(Lookup is null ? $"{Uid}:{Gid}" : $"\"{Lookup}\"")}{groups}{umask}, bounded by {Bounding}";
    }
}

internal sealed record SetCapabilities(CapabilitySet Effective, CapabilitySet Permitted, CapabilitySet Inheritable, CapabilitySet Ambient) : Step
{
    internal override StepCode Code => StepCode.SetCapabilities;

    internal override void Write(WireWriter writer)
    {
        writer.ULong(Effective.Bits);
        writer.ULong(Permitted.Bits);
        writer.ULong(Inheritable.Bits);
        writer.ULong(Ambient.Bits);
    }

    internal static SetCapabilities Read(ref WireReader reader) => new(
        new CapabilitySet(reader.ULong()),
        new CapabilitySet(reader.ULong()),
        new CapabilitySet(reader.ULong()),
        new CapabilitySet(reader.ULong()));

    public override string ToString() =>
        $"keep the capabilities: effective {Effective}, permitted {Permitted}, inheritable {Inheritable}, ambient {Ambient}";
}

internal sealed record SetNoNewPrivileges : Step
{
    internal override StepCode Code => StepCode.SetNoNewPrivileges;

    internal override void Write(WireWriter writer)
    {
    }

    public override string ToString() => "set no_new_privs";
}

internal sealed record Execute(IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, string Directory) : Step
{
    internal override StepCode Code => StepCode.Execute;

    internal override void Write(WireWriter writer)
    {
        writer.Strings(Arguments);
        writer.Strings(Environment);
        writer.String(Directory);
    }

    internal static Execute Read(ref WireReader reader) => new(reader.Strings(), reader.Strings(), reader.String());

    // Values of variables may be secrets, so the text has their names alone.
    public override string ToString()
    {
        var names = Environment.Count == 0 ? "" : $" with {string.Join(' ', Environment.Select(entry => entry.Split('=')[0]))}";
        return $"execute {string.Join(' ', Arguments)} in {Directory}{names}";
    }
}
