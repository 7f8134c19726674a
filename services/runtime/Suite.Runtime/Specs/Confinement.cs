using Suite.Oci.Runtime;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Filters;

namespace Suite.Runtime.Specs;

/// <summary>The profiles of a container's processes. Those that are executed later get the same as the first.</summary>
internal static class Confinement
{
    /// <summary>Null: no filter of system calls.</summary>
    public static Seccomp? SeccompOf(ContainerSecurity security) => security switch
    {
        { Privileged: true } or { Seccomp.Kind: ProfileKind.None } => null,
        { Seccomp.Kind: ProfileKind.Localhost } => SeccompProfiles.Load(security.Seccomp.Name, CapabilitySets.Of(security)),
        _ => SeccompProfiles.Default(CapabilitySets.Of(security)),
    };

    /// <summary>Null: none. No profile comes with this runtime: RuntimeDefault is what the distribution gives to every program.</summary>
    public static string? AppArmorOf(ContainerSecurity security) =>
        security is { Privileged: false, AppArmor.Kind: ProfileKind.Localhost } ? security.AppArmor.Name : null;

    /// <summary>Null: none. A label means nothing to a kernel without SELinux, and clusters ask for it on all their nodes.</summary>
    public static string? SelinuxLabelOf(ContainerSecurity security) =>
        security.SelinuxLabel.Length > 0 && Directory.Exists("/sys/fs/selinux/class") ? security.SelinuxLabel : null;
}
