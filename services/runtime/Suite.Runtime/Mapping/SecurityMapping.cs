using System.Globalization;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>CRI's words for who a container is, into ours.</summary>
internal static class SecurityMapping
{
    public static ContainerSecurity ToDomain(Cri.LinuxContainerSecurityContext security)
    {
        if (security.RunAsUser is not null && security.RunAsUsername.Length > 0)
            throw Invalid("run_as_username: run_as_user is given as well; give one of the two");
        if (security.RunAsGroup is not null && security.RunAsUser is null && security.RunAsUsername.Length == 0)
            throw Invalid("run_as_group: needs run_as_user or run_as_username");
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
            Seccomp = ProfileMapping.SeccompOf(security),
            AppArmor = ProfileMapping.AppArmorOf(security),
            SelinuxLabel = ProfileMapping.Label(security.SelinuxOptions),
            Namespaces = PodMapping.ToDomain(security.NamespaceOptions, "namespace_options"),
        };
    }

    private static long Id(long value, string field) =>
        value is >= 0 and <= int.MaxValue ? value : throw Invalid($"{field}: {value} is not an id between 0 and 2147483647");

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, "config.linux.security_context." + message);
}
