using Suite.Linux.Errors;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Specs;

/// <summary>
/// What the kernel has loaded, a line "NAME (MODE)" each. A caller of create is to hear of a profile that is missing, who may start
/// the container much later.
/// </summary>
internal static class AppArmorProfiles
{
    public const string Loaded = "/sys/kernel/security/apparmor/profiles";

    // Several on top of each other, and profiles of other namespaces (apparmor.d(5)): the kernel finds those at the start.
    private static readonly string[] Composed = [":", "&"];

    /// <exception cref="SuiteException">FailedPrecondition: the profile is not loaded. A list that cannot be read says nothing.</exception>
    public static void Check(ContainerSecurity security, string list = Loaded)
    {
        if (Confinement.AppArmorOf(security) is not { } name || name == "unconfined" || Composed.Any(mark => name.StartsWith(mark, StringComparison.Ordinal)) || name.Contains("//&", StringComparison.Ordinal))
            return;
        try
        {
            if (File.ReadLines(list).Any(line => line.StartsWith($"{name} (", StringComparison.Ordinal)))
                return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }

        throw new SuiteException(ErrorKind.FailedPrecondition, $"confine the container with the AppArmor profile {name}: it is not loaded; load it with apparmor_parser(8)");
    }
}
