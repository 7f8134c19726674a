using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Plans;

/// <summary>A class of service of Intel RDT, as a folder of resctrl (linux/Documentation/filesystems/resctrl.rst).</summary>
/// <param name="Name">Of the folder; empty: the root, which is the default class.</param>
/// <param name="Own">Named after the container: it is made for it and goes with it.</param>
/// <param name="Schemata">Lines for its file schemata, in order. A class that is there already must have them.</param>
/// <param name="Monitor">The name of a monitoring group of the container's own; null: none.</param>
internal sealed record ResctrlGroup(string Name, bool Own, IReadOnlyList<string> Schemata, string? Monitor)
{
    /// <summary>Below the mount of resctrl.</summary>
    public string Folder => Name.Length == 0 ? "" : $"/{Name}";

    internal void Write(WireWriter writer)
    {
        writer.String(Name);
        writer.Bool(Own);
        writer.Strings(Schemata);
        writer.OptionalString(Monitor);
    }

    internal static ResctrlGroup Read(ref WireReader reader) => new(reader.String(), reader.Bool(), reader.Strings(), reader.OptionalString());

    public override string ToString() =>
        $"{(Name.Length == 0 ? "the default" : Name)}{(Schemata.Count == 0 ? "" : $" with {string.Join(' ', Schemata)}")}{(Monitor is null ? "" : ", monitored")}";
}
