using Suite.Linux.Errors;
using Suite.Oci.Runtime;

namespace Suite.Runtime.Exec.Plans;

/// <summary>Refuses what config.json may ask for and this driver does not do yet: better than a container without it.</summary>
internal static class SpecSupport
{
    public static void Check(Spec spec, LinuxSpec linux)
    {
        if (!spec.OciVersion.StartsWith("1.", StringComparison.Ordinal))
            throw new SuiteException(ErrorKind.InvalidArgument, $"ociVersion: \"{spec.OciVersion}\" is not a version 1 of the specification");
        if (spec.Root is null)
            throw new SuiteException(ErrorKind.InvalidArgument, "root: is missing");

        Refuse(linux.NetDevices is { Count: > 0 }, "linux.netDevices");
        Refuse(linux.IntelRdt is not null, "linux.intelRdt");
        Refuse(linux.MountLabel is { Length: > 0 }, "linux.mountLabel");
    }

    private static void Refuse(bool given, string field)
    {
        if (given)
            throw new SuiteException(ErrorKind.Unsupported, $"{field}: is not built yet; leave it out");
    }
}
