using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans.Steps;

/// <summary>
/// Opens the user namespace, new with its map or by its path, and a mount namespace of the host's root: what needs rights on the
/// host, idmapped mounts above all, is done in it before the user namespace is entered.
/// </summary>
internal sealed record OpenUserNamespace(string? Path, IdentityMap? Map) : Step
{
    internal override StepCode Code => StepCode.OpenUserNamespace;

    internal override void Write(WireWriter writer)
    {
        writer.OptionalString(Path);
        writer.Bool(Map is not null);
        Map?.Write(writer);
    }

    internal static OpenUserNamespace Read(ref WireReader reader) =>
        new(reader.OptionalString(), reader.Bool() ? IdentityMap.Read(ref reader) : null);

    public override string ToString() => Path is null ? $"make a user namespace: {Map}" : $"open the user namespace {Path}";
}

/// <summary>Opens a copy of a mount for a later step, while its source can be reached.</summary>
/// <param name="FromHost">The source is looked up in the host's mount namespace; the copy is of the host's peer group, if it has one.</param>
internal sealed record OpenTree(int Number, string Source, bool Recursive, MountIds Ids, bool FromHost) : Step
{
    internal override StepCode Code => StepCode.OpenTree;

    internal override void Write(WireWriter writer)
    {
        writer.Int(Number);
        writer.String(Source);
        writer.Bool(Recursive);
        Ids.Write(writer);
        writer.Bool(FromHost);
    }

    internal static OpenTree Read(ref WireReader reader) =>
        new(reader.Int(), reader.String(), reader.Bool(), MountIds.Read(ref reader), reader.Bool());

    public override string ToString() => $"open {Source} for the mount {Number}{Ids}{(FromHost ? ", of the host" : "")}";
}

/// <summary>Enters the user namespace and makes the other new namespaces in it, which it owns. Another process goes on.</summary>
internal sealed record EnterUserNamespace(ulong Flags) : Step
{
    internal override StepCode Code => StepCode.EnterUserNamespace;

    internal override void Write(WireWriter writer) => writer.ULong(Flags);

    internal static EnterUserNamespace Read(ref WireReader reader) => new(reader.ULong());

    public override string ToString() => $"enter the user namespace with new {CloneRequest.Describe(Flags)}";
}

/// <summary>A time namespace with clocks that are ahead or behind (time_namespaces(7)).</summary>
/// <param name="Offsets">Lines of /proc/PID/timens_offsets.</param>
internal sealed record SetTimeOffsets(IReadOnlyList<string> Offsets) : Step
{
    internal override StepCode Code => StepCode.SetTimeOffsets;

    internal override void Write(WireWriter writer) => writer.Strings(Offsets);

    internal static SetTimeOffsets Read(ref WireReader reader) => new(reader.Strings());

    public override string ToString() => $"make a time namespace{(Offsets.Count == 0 ? "" : ": " + string.Join(", ", Offsets))}";
}
