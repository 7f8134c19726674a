using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <param name="Type">c, b or p.</param>
internal sealed record MakeDevice(string Path, char Type, uint Major, uint Minor, uint Mode, uint Uid, uint Gid) : Step
{
    internal override StepCode Code => StepCode.MakeDevice;

    internal override void Write(WireWriter writer)
    {
        writer.String(Path);
        writer.Byte((byte)Type);
        writer.UInt(Major);
        writer.UInt(Minor);
        writer.UInt(Mode);
        writer.UInt(Uid);
        writer.UInt(Gid);
    }

    internal static MakeDevice Read(ref WireReader reader) =>
        new(reader.String(), (char)reader.Byte(), reader.UInt(), reader.UInt(), reader.UInt(), reader.UInt(), reader.UInt());

    public override string ToString()
    {
        var owner = Uid == 0 && Gid == 0 ? "" : $" {Uid}:{Gid}";
        return $"make the device {Path} {Type} {Major}:{Minor} 0{Convert.ToString(Mode, 8)}{owner}";
    }
}

internal sealed record MakeLink(string Path, string Target) : Step
{
    internal override StepCode Code => StepCode.MakeLink;

    internal override void Write(WireWriter writer)
    {
        writer.String(Path);
        writer.String(Target);
    }

    internal static MakeLink Read(ref WireReader reader) => new(reader.String(), reader.String());

    public override string ToString() => $"link {Path} to {Target}";
}

/// <summary>
/// Opens a pseudo terminal of the container's own devpts, sends its master to the shim and makes its other side the standard
/// streams and the controlling terminal.
/// </summary>
/// <param name="Console">Whether it also becomes /dev/console.</param>
internal sealed record OpenTerminal(bool Console) : Step
{
    internal override StepCode Code => StepCode.OpenTerminal;

    internal override void Write(WireWriter writer) => writer.Bool(Console);

    internal static OpenTerminal Read(ref WireReader reader) => new(reader.Bool());

    public override string ToString() => Console ? "open a terminal as /dev/console" : "open a terminal";
}
