using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>Whether the owners of files are shown as other ids than they are stored as (mount_setattr(2), ID-mapped mounts).</summary>
/// <param name="OfContainer">With the map of the container's user namespace.</param>
/// <param name="Map">With this map; null: none, or the container's.</param>
/// <param name="Recursive">On the mounts below as well.</param>
internal sealed record MountIds(bool OfContainer, IdentityMap? Map, bool Recursive)
{
    public static readonly MountIds None = new(false, null, false);

    public bool Any => OfContainer || Map is not null;

    internal void Write(WireWriter writer)
    {
        writer.Bool(OfContainer);
        writer.Bool(Map is not null);
        Map?.Write(writer);
        writer.Bool(Recursive);
    }

    internal static MountIds Read(ref WireReader reader) =>
        new(reader.Bool(), reader.Bool() ? IdentityMap.Read(ref reader) : null, reader.Bool());

    public override string ToString() => !Any ? "" : $", {(Recursive ? "ridmap" : "idmap")} {(Map is null ? "of the container" : Map)}";
}
