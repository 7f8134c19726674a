using System.Globalization;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Solo;

namespace Suite.Runtime.Mapping;

/// <summary>What shuts a container in, and what of it others can reach, into ours and back.</summary>
internal static class SoloSecurity
{
    private const int LongestProfile = 1 << 20;

    /// <returns>Null: the runtime's own.</returns>
    public static ProfileChoice? Seccomp(string text) => text switch
    {
        "" or "default" => null,
        "unconfined" => ProfileChoice.None,
        _ when text.Length > LongestProfile => throw Invalid("spec.seccomp: a profile has 1 MiB at most"),
        _ when text.TrimStart().StartsWith('{') => new ProfileChoice(ProfileKind.Localhost, text),
        _ => throw Invalid("spec.seccomp: is neither \"default\" nor \"unconfined\" nor a profile as JSON"),
    };

    public static ProfileChoice AppArmor(string profile) => profile switch
    {
        // No profile comes with this runtime: the default is what the distribution gives to every program.
        "" or "default" or "unconfined" => ProfileChoice.None,
        // It becomes a word of "exec NAME" in /proc/self/attr.
        _ when profile.AsSpan().ContainsAny(" \n\0") => throw Invalid($"spec.apparmor: {profile} is not the name of a profile"),
        _ => new ProfileChoice(ProfileKind.Localhost, profile),
    };

    public static string SelinuxLabel(string label) =>
        label.AsSpan().ContainsAny(" \n\0") ? throw Invalid($"spec.selinux_label: {label} is not a label") : label;

    /// <summary>"80" is "80/tcp".</summary>
    public static string Exposed(string port, string field)
    {
        var (number, protocol) = port.Split('/') switch
        {
            [var only] => (only, "tcp"),
            [var left, "tcp" or "udp" or "sctp"] => (left, port[(left.Length + 1)..]),
            _ => ("", ""),
        };
        return ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? $"{value}/{protocol}"
            : throw Invalid($"{field}: {port} is not a port as 80/tcp");
    }

    public static bool Init(ContainerSpec spec) =>
        spec.Init && spec.PidMode is not ("" or "private") ? throw Invalid("spec.init: the processes that it joins have a process 1 of their own") : spec.Init;

    public static bool IsPrivate(ContainerSpec spec) => spec.UserMode switch
    {
        "" or "host" => false,
        "private" when spec.Privileged => throw Invalid("spec.user_mode: a privileged container has the host's users"),
        // The host's network goes with users of one's own, who have no rights over it.
        "private" when spec.PidMode is not ("" or "private") || spec.IpcMode is not ("" or "private" or "shareable" or "none") =>
            throw Invalid("spec.user_mode: a container with users of its own cannot have the processes or the IPC of others, over which those users have no rights: leave out one of the two"),
        "private" => true,
        _ => throw Invalid($"spec.user_mode: {spec.UserMode} is neither host nor private"),
    };

    public static void Fill(ContainerSpec message, SoloSpec spec)
    {
        message.Init = spec.Init;
        message.Seccomp = spec.Seccomp switch { null => "", { Kind: ProfileKind.None } => "unconfined", var own => own.Name };
        message.Apparmor = spec.AppArmor.Name;
        message.SelinuxLabel = spec.SelinuxLabel;
        message.UnmaskedPaths = spec.UnmaskedPaths;
        message.PublishAll = spec.PublishAll;
        message.ExposedPorts.AddRange(spec.ExposedPorts);
        message.UserMode = spec.PrivateUsers ? "private" : "";
    }

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
