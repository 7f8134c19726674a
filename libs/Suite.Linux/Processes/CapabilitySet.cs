using System.Numerics;
using Suite.Linux.Native;

namespace Suite.Linux.Processes;

/// <summary>A set of capabilities(7), a bit for each.</summary>
public readonly record struct CapabilitySet(ulong Bits)
{
    /// <summary>By number (linux/capability.h).</summary>
    private static readonly string[] Names =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
        "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT",
        "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE",
        "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ];

    public static readonly CapabilitySet All = new((1UL << (Capability.CAP_LAST_CAP + 1)) - 1);

    /// <summary>Every name, without <c>CAP_</c>, by number.</summary>
    public static IReadOnlyList<string> AllNames => Names;

    public bool Has(int capability) => (Bits >> capability & 1) != 0;

    /// <param name="name">With or without <c>CAP_</c>, in any case.</param>
    public static bool TryFind(string name, out int capability)
    {
        var bare = name.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? name[4..] : name;
        capability = Array.FindIndex(Names, known => known.Equals(bare, StringComparison.OrdinalIgnoreCase));
        return capability >= 0;
    }

    public CapabilitySet With(int capability) => new(Bits | 1UL << capability);

    public override string ToString()
    {
        if (Bits == 0)
            return "none";
        if (this == All)
            return "all";

        var names = new List<string>(BitOperations.PopCount(Bits));
        for (var i = 0; i < Names.Length; i++)
        {
            if (Has(i))
                names.Add(Names[i]);
        }

        return string.Join(' ', names);
    }
}
