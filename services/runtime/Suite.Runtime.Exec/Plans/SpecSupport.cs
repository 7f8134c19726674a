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

        var hooks = spec.Hooks;
        Refuse(hooks is { Prestart.Count: > 0 } or { CreateRuntime.Count: > 0 } or { CreateContainer.Count: > 0 }, "hooks");
        Refuse(hooks is { StartContainer.Count: > 0 } or { Poststart.Count: > 0 } or { Poststop.Count: > 0 }, "hooks");
        Refuse(linux.UidMappings is { Count: > 0 } || linux.GidMappings is { Count: > 0 }, "linux.uidMappings");
        Refuse(linux.NetDevices is { Count: > 0 }, "linux.netDevices");
        Refuse(linux.IntelRdt is not null, "linux.intelRdt");
        Refuse(linux.MemoryPolicy is not null, "linux.memoryPolicy");
        Refuse(linux.Personality is not null, "linux.personality");
        Refuse(linux.TimeOffsets is { Count: > 0 }, "linux.timeOffsets");
        Refuse(linux.MountLabel is { Length: > 0 }, "linux.mountLabel");
    }

    public static void Check(Process process, string prefix)
    {
        Refuse(process.ApparmorProfile is { Length: > 0 }, $"{prefix}apparmorProfile");
        Refuse(process.SelinuxLabel is { Length: > 0 }, $"{prefix}selinuxLabel");
        Refuse(process.Scheduler is not null, $"{prefix}scheduler");
        Refuse(process.IoPriority is not null, $"{prefix}ioPriority");
        Refuse(process.ExecCpuAffinity is not null, $"{prefix}execCPUAffinity");
    }

    private static void Refuse(bool given, string field)
    {
        if (given)
            throw new SuiteException(ErrorKind.Unsupported, $"{field}: is not built yet; leave it out");
    }
}
