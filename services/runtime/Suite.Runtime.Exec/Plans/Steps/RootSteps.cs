using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>
/// Instead of a pivot, where the runtime's root is an initramfs, which pivot_root(2) does not leave: moves the root over /. What was
/// there stays mounted below, out of sight.
/// </summary>
internal sealed record MoveRoot(uint Propagation) : Step
{
    internal override StepCode Code => StepCode.MoveRoot;

    internal override void Write(WireWriter writer) => writer.UInt(Propagation);

    internal static MoveRoot Read(ref WireReader reader) => new(reader.UInt());

    public override string ToString() =>
        Propagation == 0 ? "move the root over /" : $"move the root over /, {MountOptions.PropagationName(Propagation)}";
}

/// <summary>Instead of a pivot in a mount namespace that was there before: the others in it keep their root.</summary>
internal sealed record ChangeRoot(uint Propagation) : Step
{
    internal override StepCode Code => StepCode.ChangeRoot;

    internal override void Write(WireWriter writer) => writer.UInt(Propagation);

    internal static ChangeRoot Read(ref WireReader reader) => new(reader.UInt());

    public override string ToString() =>
        Propagation == 0 ? "change the root" : $"change the root, {MountOptions.PropagationName(Propagation)}";
}

/// <summary>Joins a mount namespace, and keeps what will be mounted on the root's folder from leaving it.</summary>
internal sealed record JoinMounts(string Path, string Root) : Step
{
    internal override StepCode Code => StepCode.JoinMounts;

    internal override void Write(WireWriter writer)
    {
        writer.String(Path);
        writer.String(Root);
    }

    internal static JoinMounts Read(ref WireReader reader) => new(reader.String(), reader.String());

    public override string ToString() => $"join the mount namespace {Path}";
}

/// <summary>Makes a file system for a later step while the host's rights are there: its owners are to be shown as others.</summary>
internal sealed record OpenFilesystem(int Number, string Type, string Source, MountSettings Settings) : Step
{
    internal override StepCode Code => StepCode.OpenFilesystem;

    internal override void Write(WireWriter writer)
    {
        writer.Int(Number);
        writer.String(Type);
        writer.String(Source);
        Settings.Write(writer);
    }

    internal static OpenFilesystem Read(ref WireReader reader) =>
        new(reader.Int(), reader.String(), reader.String(), MountSettings.Read(ref reader));

    public override string ToString() => $"make {Type} for the mount {Number}{Settings}";
}
