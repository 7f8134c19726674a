using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Containers;

namespace Suite.Runtime.Oci.Commands;

/// <summary>Makes a container and leaves it at its gate; whoever is this process's subreaper gets its exit code.</summary>
internal static class CreateCommand
{
    /// <summary>--no-new-keyring: suite-oci makes none, so there is nothing to leave out.</summary>
    public static readonly IReadOnlyList<string> Flags = ["no-pivot", "no-new-keyring"];

    public static readonly IReadOnlyList<string> Values = ["bundle|b", "console-socket", "pid-file", "preserve-fds"];

    public static Command Describe() => new("create", new OptionNames(Flags, Values), Run);

    private static int Run(Session session, Options options)
    {
        new Creation(options.OnlyId(), CreateOptions.From(options, detached: true)).Make(session.Root, gate: true);
        return 0;
    }
}
