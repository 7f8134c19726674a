using System.Text.Json;
using Suite.Linux.Processes;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Filters;
using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Outputs;

namespace Suite.Runtime.Oci.Commands;

/// <summary>What this build can do, as the specification's features.md has it.</summary>
internal static class FeaturesCommand
{
    public static Command Describe() => new("features", OptionNames.None, Run);

    private static int Run(Session session, Options options)
    {
        Output.Line(JsonSerializer.Serialize(Built, FeaturesJson.Default.Features));
        return 0;
    }

    private static readonly string[] Attributes =
    [
        "atime", "dev", "diratime", "exec", "noatime", "nodev", "nodiratime", "noexec", "norelatime", "nostrictatime", "nosuid", "nosymfollow",
        "relatime", "ro", "rw", "strictatime", "suid", "symfollow",
    ];

    /// <summary>Those that the runtime itself reads; all others go to the file system.</summary>
    internal static readonly IReadOnlyList<string> MountOptionNames =
    [
        "bind", "rbind", "defaults", "tmpcopyup", "idmap", "ridmap", "private", "rprivate", "rshared", "rslave", "runbindable", "shared", "slave", "unbindable",
        .. Attributes, .. Attributes.Select(name => $"r{name}"),
    ];

    internal static Features Built => new(
        "1.0.0",
        "1.3.0",
        ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
        MountOptionNames.Order(StringComparer.Ordinal).ToList(),
        new LinuxFeatures(
            [
                NamespaceTypes.Cgroup, NamespaceTypes.Ipc, NamespaceTypes.Mount, NamespaceTypes.Network, NamespaceTypes.Pid, NamespaceTypes.Time,
                NamespaceTypes.User, NamespaceTypes.Uts,
            ],
            CapabilitySet.AllNames.Select(name => $"CAP_{name}").ToList(),
            new CgroupFeatures(V1: true, V2: true, Systemd: false, SystemdUser: false, Rdma: true),
            new SeccompFeatures(
                true, Sorted(SeccompNames.Actions.Keys), Sorted(SeccompNames.Operators.Keys), Sorted(SeccompNames.Architectures.Keys),
                Sorted(SeccompNames.Flags.Keys), Sorted(SeccompNames.Flags.Keys)),
            new Switch(true),
            new Switch(true),
            new IntelRdtFeatures(true, true, true),
            new Switch(true),
            new MountExtensions(new Switch(true)),
            new Switch(true)));

    private static List<string> Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
