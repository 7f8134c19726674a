using System.Text.Json.Serialization;

namespace Suite.Runtime.Oci.Commands;

/// <summary>features.md: a structure that tells "not there" (false) from "not said" (absent).</summary>
internal sealed record Features(
    string OciVersionMin, string OciVersionMax, IReadOnlyList<string> Hooks, IReadOnlyList<string> MountOptions, LinuxFeatures Linux);

internal sealed record LinuxFeatures(
    IReadOnlyList<string> Namespaces,
    IReadOnlyList<string> Capabilities,
    CgroupFeatures Cgroup,
    SeccompFeatures Seccomp,
    Switch Apparmor,
    Switch Selinux,
    IntelRdtFeatures IntelRdt,
    Switch MemoryPolicy,
    MountExtensions MountExtensions,
    Switch NetDevices);

internal sealed record CgroupFeatures(bool V1, bool V2, bool Systemd, bool SystemdUser, bool Rdma);

internal sealed record SeccompFeatures(
    bool Enabled,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> Operators,
    IReadOnlyList<string> Archs,
    IReadOnlyList<string> KnownFlags,
    IReadOnlyList<string> SupportedFlags);

internal sealed record Switch(bool Enabled);

internal sealed record IntelRdtFeatures(bool Enabled, bool Schemata, bool Monitoring);

internal sealed record MountExtensions(Switch Idmap);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(Features))]
internal sealed partial class FeaturesJson : JsonSerializerContext;
