using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>
/// The propagation of every mount the new mount namespace was given a copy of, never shared, or ours would leave it; and of unbindable
/// ones at last.
/// </summary>
internal sealed record SetPropagation(uint Flags) : Step
{
    internal override StepCode Code => StepCode.SetPropagation;

    internal override void Write(WireWriter writer) => writer.UInt(Flags);

    internal static SetPropagation Read(ref WireReader reader) => new(reader.UInt());

    public override string ToString() => $"make the mounts {MountOptions.PropagationName(Flags)}";
}

/// <summary>Mounts the root file system on a directory, in this mount namespace only.</summary>
internal sealed record MountRoot(string Target, string Type, string Source, MountSettings Settings) : Step
{
    internal override StepCode Code => StepCode.MountRoot;

    internal override void Write(WireWriter writer)
    {
        writer.String(Target);
        writer.String(Type);
        writer.String(Source);
        Settings.Write(writer);
    }

    internal static MountRoot Read(ref WireReader reader) =>
        new(reader.String(), reader.String(), reader.String(), MountSettings.Read(ref reader));

    public override string ToString() => $"mount the root: {Type} on {Target}{Settings}";
}

/// <summary>Makes a directory that is the root file system a mount, as pivot_root(2) wants it.</summary>
internal sealed record BindRoot(string Target) : Step
{
    internal override StepCode Code => StepCode.BindRoot;

    internal override void Write(WireWriter writer) => writer.String(Target);

    internal static BindRoot Read(ref WireReader reader) => new(reader.String());

    public override string ToString() => $"bind the root {Target}";
}

internal sealed record MountFilesystem(string Target, string Type, string Source, MountSettings Settings) : Step
{
    internal override StepCode Code => StepCode.MountFilesystem;

    internal override void Write(WireWriter writer)
    {
        writer.String(Target);
        writer.String(Type);
        writer.String(Source);
        Settings.Write(writer);
    }

    internal static MountFilesystem Read(ref WireReader reader) =>
        new(reader.String(), reader.String(), reader.String(), MountSettings.Read(ref reader));

    public override string ToString() => $"mount {Type} on {Target}{Settings}";
}

/// <param name="Tree">The number of an <see cref="OpenTree"/>; -1: the source is opened here.</param>
internal sealed record BindMount(string Target, string Source, bool Recursive, MountSettings Settings, int Tree = -1) : Step
{
    /// <summary>What the tree is of, made anew while the host's rights are there; null: <see cref="Source"/>.</summary>
    public MountFilesystem? Filesystem { get; init; }

    /// <summary>The source is the host's, whose later mounts a pod does not always see: its tree is opened there beforehand.</summary>
    public bool FromHost { get; init; }

    internal override StepCode Code => StepCode.BindMount;

    internal override void Write(WireWriter writer)
    {
        writer.String(Target);
        writer.String(Source);
        writer.Bool(Recursive);
        Settings.Write(writer);
        writer.Int(Tree);
    }

    internal static BindMount Read(ref WireReader reader) =>
        new(reader.String(), reader.String(), reader.Bool(), MountSettings.Read(ref reader), reader.Int());

    // Without the Filesystem and FromHost, which are not on the wire: an error names the step as the init knows it.
    public override string ToString() => $"{(Recursive ? "rbind" : "bind")} {Source} on {Target}{Settings}";
}

internal sealed record PivotRoot(uint Propagation) : Step
{
    internal override StepCode Code => StepCode.PivotRoot;

    internal override void Write(WireWriter writer) => writer.UInt(Propagation);

    internal static PivotRoot Read(ref WireReader reader) => new(reader.UInt());

    public override string ToString() =>
        Propagation == 0 ? "pivot the root" : $"pivot the root, {MountOptions.PropagationName(Propagation)}";
}

/// <summary>Hides a file behind /dev/null, a directory behind an empty read-only file system. A path that is not there is left alone.</summary>
internal sealed record MaskPath(string Path) : Step
{
    internal override StepCode Code => StepCode.MaskPath;

    internal override void Write(WireWriter writer) => writer.String(Path);

    internal static MaskPath Read(ref WireReader reader) => new(reader.String());

    public override string ToString() => $"mask {Path}";
}

internal sealed record ProtectPath(string Path) : Step
{
    internal override StepCode Code => StepCode.ProtectPath;

    internal override void Write(WireWriter writer) => writer.String(Path);

    internal static ProtectPath Read(ref WireReader reader) => new(reader.String());

    public override string ToString() => $"make {Path} read-only";
}

internal sealed record ProtectRoot : Step
{
    internal override StepCode Code => StepCode.ProtectRoot;

    internal override void Write(WireWriter writer)
    {
    }

    public override string ToString() => "make the root read-only";
}
