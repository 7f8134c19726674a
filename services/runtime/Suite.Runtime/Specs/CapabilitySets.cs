using Suite.Linux.Errors;
using Suite.Runtime.Containers;

namespace Suite.Runtime.Specs;

/// <summary>Which capabilities a container has (capabilities(7)).</summary>
internal static class CapabilitySets
{
    /// <summary>Docker's 14: enough for a distribution's packages to install and for a server to bind port 80.</summary>
    public static readonly IReadOnlyList<string> Default =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
        "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SYS_CHROOT", "CAP_MKNOD", "CAP_AUDIT_WRITE", "CAP_SETFCAP",
    ];

    /// <summary>All that linux/capability.h names, by number: Linux 5.9 added the last.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>
    /// Additions of ALL come before drops, drops of ALL before single additions, so that "drop ALL, add CHOWN" leaves CHOWN and
    /// "add ALL, drop CHOWN" all but it.
    /// </summary>
    public static IReadOnlyList<string> Of(ContainerSecurity security)
    {
        if (security.Privileged)
            return All;
        var add = Normalize(security.AddCapabilities, "add_capabilities");
        var drop = Normalize(security.DropCapabilities, "drop_capabilities");
        var chosen = new HashSet<string>(add.Contains("ALL") ? All : drop.Contains("ALL") ? [] : Default);
        chosen.UnionWith(add.Where(name => name != "ALL"));
        chosen.ExceptWith(drop.Where(name => name != "ALL"));
        return [.. All.Where(chosen.Contains)];
    }

    public static IReadOnlyList<string> Ambient(ContainerSecurity security) =>
        [.. Normalize(security.AmbientCapabilities, "add_ambient_capabilities").Order(StringComparer.Ordinal)];

    private static HashSet<string> Normalize(IReadOnlyList<string> names, string field)
    {
        var normal = new HashSet<string>();
        foreach (var name in names)
        {
            var upper = name.ToUpperInvariant();
            if (upper != "ALL" && !upper.StartsWith("CAP_", StringComparison.Ordinal))
                upper = "CAP_" + upper;
            if (upper == "CAP_ALL")
                upper = "ALL";
            if (upper != "ALL" && !All.Contains(upper))
                throw new SuiteException(ErrorKind.InvalidArgument, $"{field}: no capability is called {name}");
            normal.Add(upper);
        }
        return normal;
    }
}
