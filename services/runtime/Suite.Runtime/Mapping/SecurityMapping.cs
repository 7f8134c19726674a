using System.Globalization;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>
/// CRI's words for who a container is, into ours. Accepted without effect, as no label, filter or profile is set yet:
/// selinux_options, and RuntimeDefault for seccomp and AppArmor. A profile of the caller's own is refused.
/// </summary>
internal static class SecurityMapping
{
    public static ContainerSecurity ToDomain(Cri.LinuxContainerSecurityContext security)
    {
        if (security.RunAsUser is not null && security.RunAsUsername.Length > 0)
            throw Invalid("run_as_username: run_as_user is given as well; give one of the two");
        if (security.RunAsGroup is not null && security.RunAsUser is null && security.RunAsUsername.Length == 0)
            throw Invalid("run_as_group: needs run_as_user or run_as_username");
        if (security.Seccomp is { ProfileType: Cri.SecurityProfile.Types.ProfileType.Localhost })
            throw new SuiteException(ErrorKind.Unsupported, "seccomp: profiles from files are not built yet");
#pragma warning disable CS0612 // deprecated in the contract, and still sent by those who do not know the new field
        var oldProfile = security.ApparmorProfile;
#pragma warning restore CS0612
        if (security.Apparmor is { ProfileType: Cri.SecurityProfile.Types.ProfileType.Localhost } || oldProfile.StartsWith("localhost/", StringComparison.Ordinal))
            throw new SuiteException(ErrorKind.Unsupported, "apparmor: profiles are not built yet");
        return new ContainerSecurity
        {
            User = security.RunAsUser is { } id ? Id(id.Value, "run_as_user").ToString(CultureInfo.InvariantCulture) : security.RunAsUsername,
            Group = security.RunAsGroup is { } group ? Id(group.Value, "run_as_group") : null,
            SupplementalGroups = [.. security.SupplementalGroups.Select(value => Id(value, "supplemental_groups"))],
            StrictGroups = security.SupplementalGroupsPolicy == Cri.SupplementalGroupsPolicy.Strict,
            Privileged = security.Privileged,
            AddCapabilities = [.. security.Capabilities?.AddCapabilities ?? []],
            DropCapabilities = [.. security.Capabilities?.DropCapabilities ?? []],
            AmbientCapabilities = [.. security.Capabilities?.AddAmbientCapabilities ?? []],
            NoNewPrivileges = security.NoNewPrivs,
            ReadOnlyRootfs = security.ReadonlyRootfs,
            // kubelet always sends the sets it wants, and none for procMount: Unmasked; others send nothing and mean the defaults.
            MaskedPaths = security.MaskedPaths.Count > 0 ? [.. security.MaskedPaths] : null,
            ReadOnlyPaths = security.ReadonlyPaths.Count > 0 ? [.. security.ReadonlyPaths] : null,
            Namespaces = PodMapping.ToDomain(security.NamespaceOptions, "namespace_options"),
        };
    }

    private static long Id(long value, string field) =>
        value is >= 0 and <= int.MaxValue ? value : throw Invalid($"{field}: {value} is not an id between 0 and 2147483647");

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, "config.linux.security_context." + message);
}
