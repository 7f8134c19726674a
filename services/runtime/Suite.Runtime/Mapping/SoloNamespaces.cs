using Suite.Linux.Errors;
using Suite.Runtime.Solo;

namespace Suite.Runtime.Mapping;

/// <summary>With whom a container shares processes and IPC, in Docker's words, into ours and back.</summary>
internal static class SoloNamespaces
{
    public const string Host = "host";

    private const string Private = "private";
    private const string Prefix = "container:";

    /// <returns>The container that is named; empty: none.</returns>
    public static string PidsOf(string mode) => mode is "" or Private or Host ? "" : Named(mode) ?? throw Invalid($"spec.pid_mode: {mode} is none of private, host and container:NAME");

    /// <returns>The container that is named; empty: none.</returns>
    public static string Other(string mode) => Named(mode) ?? "";

    public static IpcSharing Ipc(string mode) => mode switch
    {
        "" or Private or Host => IpcSharing.Nobody,
        "shareable" => IpcSharing.Containers,
        "none" => IpcSharing.None,
        _ when Named(mode) is not null => IpcSharing.Nobody,
        _ => throw Invalid($"spec.ipc_mode: {mode} is none of private, shareable, none, host and container:NAME"),
    };

    public static string PidMode(SoloSpec spec) => spec.HostPid ? Host : spec.PidsOf.Length > 0 ? Prefix + spec.PidsOf : "";

    public static string IpcMode(SoloSpec spec) => spec switch
    {
        { HostIpc: true } => Host,
        { IpcOf.Length: > 0 } => Prefix + spec.IpcOf,
        { Ipc: IpcSharing.Containers } => "shareable",
        { Ipc: IpcSharing.None } => "none",
        _ => "",
    };

    private static string? Named(string mode) =>
        mode.StartsWith(Prefix, StringComparison.Ordinal) && mode.Length > Prefix.Length ? mode[Prefix.Length..] : null;

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
