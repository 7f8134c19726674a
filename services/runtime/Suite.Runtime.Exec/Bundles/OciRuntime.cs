using Suite.Runtime.Exec.Wire;

namespace Suite.Runtime.Exec.Bundles;

/// <summary>
/// Another program that makes the containers of a pod: one with the command line that runc has and that crun, youki and suite-oci
/// share, and that leaves a container's process to the subreaper above it.
/// </summary>
public sealed record OciRuntime
{
    /// <summary>Absolute path of the program.</summary>
    public required string Path { get; init; }

    /// <summary>Absolute path of the folder in which it keeps what it knows of its containers (<c>--root</c>).</summary>
    public required string Root { get; init; }

    /// <summary>Given before each command, for example <c>--debug</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    internal void Write(WireWriter writer)
    {
        writer.String(Path);
        writer.String(Root);
        writer.Strings(Options);
    }

    internal static OciRuntime Read(ref WireReader reader) => new() { Path = reader.String(), Root = reader.String(), Options = reader.Strings() };
}
