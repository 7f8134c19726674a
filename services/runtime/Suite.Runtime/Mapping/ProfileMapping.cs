using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Cri = Runtime.V1;
using ProfileType = Runtime.V1.SecurityProfile.Types.ProfileType;

namespace Suite.Runtime.Mapping;

/// <summary>CRI's words for what confines a container, into ours; the newer field wins over the deprecated one.</summary>
internal static class ProfileMapping
{
    private const string Context = "config.linux.security_context.";
    private const string LocalhostPrefix = "localhost/";

#pragma warning disable CS0612 // deprecated in the contract, and still sent by those who do not know the new fields
    public static ProfileChoice SeccompOf(Cri.LinuxContainerSecurityContext security)
    {
        var choice = security.Seccomp is { } profile
            ? ToDomain(profile, Context + "seccomp")
            : ToDomain(security.SeccompProfilePath, Context + "seccomp_profile_path");
        if (choice.Kind == ProfileKind.Localhost && !Path.IsPathRooted(choice.Name))
            throw Invalid($"{Context}seccomp.localhost_ref: {choice.Name} is not an absolute path");
        return choice;
    }

    public static ProfileChoice AppArmorOf(Cri.LinuxContainerSecurityContext security)
    {
        var choice = security.Apparmor is { } profile
            ? ToDomain(profile, Context + "apparmor")
            : ToDomain(security.ApparmorProfile, Context + "apparmor_profile");
        // It becomes a word of "exec NAME" in /proc/self/attr.
        return choice.Name.AsSpan().ContainsAny(" \n\0")
            ? throw Invalid($"{Context}apparmor.localhost_ref: {choice.Name} is not the name of a profile")
            : choice;
    }
#pragma warning restore CS0612

    /// <summary>user:role:type:level, with what most policies call the ones that are not said.</summary>
    public static string Label(Cri.SELinuxOption? option)
    {
        if (option is null || (option.User.Length == 0 && option.Role.Length == 0 && option.Type.Length == 0 && option.Level.Length == 0))
            return "";
        var label = $"{Or(option.User, "system_u")}:{Or(option.Role, "system_r")}:{Or(option.Type, "container_t")}:{Or(option.Level, "s0")}";
        return label.AsSpan().ContainsAny(" \n\0") ? throw Invalid($"{Context}selinux_options: {label} is not a label") : label;
    }

    private static ProfileChoice ToDomain(Cri.SecurityProfile profile, string field) => profile.ProfileType switch
    {
        ProfileType.RuntimeDefault => new ProfileChoice(ProfileKind.RuntimeDefault, ""),
        ProfileType.Unconfined => ProfileChoice.None,
        ProfileType.Localhost => profile.LocalhostRef.Length > 0
            ? new ProfileChoice(ProfileKind.Localhost, WithoutPrefix(profile.LocalhostRef))
            : throw Invalid($"{field}.localhost_ref: must not be empty with Localhost"),
        _ => throw Invalid($"{field}.profile_type: {(int)profile.ProfileType} is none of RuntimeDefault, Unconfined, Localhost"),
    };

    // As annotations of Kubernetes wrote it.
    private static ProfileChoice ToDomain(string profile, string field) => profile switch
    {
        "" or "unconfined" => ProfileChoice.None,
        "runtime/default" or "docker/default" => new ProfileChoice(ProfileKind.RuntimeDefault, ""),
        _ when profile.StartsWith(LocalhostPrefix, StringComparison.Ordinal) && profile.Length > LocalhostPrefix.Length => new ProfileChoice(ProfileKind.Localhost, WithoutPrefix(profile)),
        _ => throw Invalid($"{field}: {profile} is none of runtime/default, unconfined and localhost/NAME"),
    };

    private static string WithoutPrefix(string name) => name.StartsWith(LocalhostPrefix, StringComparison.Ordinal) ? name[LocalhostPrefix.Length..] : name;

    private static string Or(string value, string otherwise) => value.Length > 0 ? value : otherwise;

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
