using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Bundles;

/// <summary>The files of one command of another OCI runtime.</summary>
/// <param name="Pid">Where it writes the process it made.</param>
/// <param name="Log">Where it writes, as JSON, what went wrong.</param>
/// <param name="Description">What it is given to read; not for each command.</param>
/// <param name="Console">The socket on which it hands over a terminal; null: none is wanted.</param>
internal sealed record BundleFiles(string Pid, string Log, string Description, string? Console)
{
    internal void Write(WireWriter writer)
    {
        writer.String(Pid);
        writer.String(Log);
        writer.String(Description);
        writer.OptionalString(Console);
    }

    internal static BundleFiles Read(ref WireReader reader) => new(reader.String(), reader.String(), reader.String(), reader.OptionalString());
}
