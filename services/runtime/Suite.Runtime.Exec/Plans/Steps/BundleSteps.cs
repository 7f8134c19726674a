using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>The folder of a container that another runtime makes, and the directory in it for its root.</summary>
internal sealed record MakeBundle(string Folder, string Rootfs) : Step
{
    internal override StepCode Code => StepCode.MakeBundle;

    internal override void Write(WireWriter writer)
    {
        writer.String(Folder);
        writer.String(Rootfs);
    }

    internal static MakeBundle Read(ref WireReader reader) => new(reader.String(), reader.String());

    public override string ToString() => $"make the bundle {Folder}";
}

/// <summary>A file for another runtime, root's alone: there may be secrets among the variables.</summary>
internal sealed record WriteFile(string Path, byte[] Contents) : Step
{
    internal override StepCode Code => StepCode.WriteFile;

    internal override void Write(WireWriter writer)
    {
        writer.String(Path);
        writer.Bytes(Contents);
    }

    internal static WriteFile Read(ref WireReader reader) => new(reader.String(), reader.Bytes());

    public override string ToString() => $"write {Path}";
}

/// <summary>
/// Puts the host's own mount in the place of the copy that is seen here, which is a slave of it at best: what the container mounts below
/// it is to be seen by the host, or what the host has mounted since by the container.
/// </summary>
internal sealed record ShareSource(string Source) : Step
{
    internal override StepCode Code => StepCode.ShareSource;

    internal override void Write(WireWriter writer) => writer.String(Source);

    internal static ShareSource Read(ref WireReader reader) => new(reader.String());

    public override string ToString() => $"put the host's {Source} in its place";
}
