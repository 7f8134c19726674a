using System.Reflection;
using Runtime.V1;

namespace Suite.Runtime.Endpoints;

/// <summary>What never changes while the service runs.</summary>
internal static class RuntimeFacts
{
    public static readonly string SuiteVersion =
        typeof(RuntimeFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>0.1.0 is the version of the CRI's own API object, which kubelet checks; the protocol's is v1.</summary>
    public static VersionResponse Version() => new()
    {
        Version = "0.1.0",
        RuntimeName = "suite",
        RuntimeVersion = SuiteVersion,
        RuntimeApiVersion = "v1",
    };

    /// <summary>An empty answer would mean systemd: its number is 0.</summary>
    public static RuntimeConfigResponse Configuration() => new()
    {
        Linux = new LinuxRuntimeConfiguration { CgroupDriver = CgroupDriver.Cgroupfs },
    };
}
