using Suite.Linux.Filters;
using Suite.Linux.Native;

namespace Suite.Runtime.Exec.Filters;

/// <summary>The words that config.json has for what seccomp.h numbers.</summary>
internal static class SeccompNames
{
    public static readonly IReadOnlyDictionary<string, uint> Actions = new Dictionary<string, uint>
    {
        ["SCMP_ACT_KILL"] = Seccomp.SECCOMP_RET_KILL_THREAD,
        ["SCMP_ACT_KILL_THREAD"] = Seccomp.SECCOMP_RET_KILL_THREAD,
        ["SCMP_ACT_KILL_PROCESS"] = Seccomp.SECCOMP_RET_KILL_PROCESS,
        ["SCMP_ACT_TRAP"] = Seccomp.SECCOMP_RET_TRAP,
        ["SCMP_ACT_ERRNO"] = Seccomp.SECCOMP_RET_ERRNO,
        ["SCMP_ACT_TRACE"] = Seccomp.SECCOMP_RET_TRACE,
        ["SCMP_ACT_ALLOW"] = Seccomp.SECCOMP_RET_ALLOW,
        ["SCMP_ACT_LOG"] = Seccomp.SECCOMP_RET_LOG,
        ["SCMP_ACT_NOTIFY"] = Seccomp.SECCOMP_RET_USER_NOTIF,
    };

    public static readonly IReadOnlyDictionary<string, uint> Flags = new Dictionary<string, uint>
    {
        ["SECCOMP_FILTER_FLAG_TSYNC"] = Seccomp.SECCOMP_FILTER_FLAG_TSYNC,
        ["SECCOMP_FILTER_FLAG_LOG"] = Seccomp.SECCOMP_FILTER_FLAG_LOG,
        ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"] = Seccomp.SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] = Seccomp.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
    };

    public static readonly IReadOnlyDictionary<string, ArgumentOperator> Operators = new Dictionary<string, ArgumentOperator>
    {
        ["SCMP_CMP_NE"] = ArgumentOperator.NotEqual,
        ["SCMP_CMP_LT"] = ArgumentOperator.Less,
        ["SCMP_CMP_LE"] = ArgumentOperator.LessOrEqual,
        ["SCMP_CMP_EQ"] = ArgumentOperator.Equal,
        ["SCMP_CMP_GE"] = ArgumentOperator.GreaterOrEqual,
        ["SCMP_CMP_GT"] = ArgumentOperator.Greater,
        ["SCMP_CMP_MASKED_EQ"] = ArgumentOperator.MaskedEqual,
    };

    /// <summary>AUDIT_ARCH_* (linux/audit.h); x32 is x86-64 without its 64 bits.</summary>
    public static readonly IReadOnlyDictionary<string, uint> Architectures = new Dictionary<string, uint>
    {
        ["SCMP_ARCH_X86"] = 0x40000003,
        ["SCMP_ARCH_X86_64"] = 0xc000003e,
        ["SCMP_ARCH_X32"] = 0x4000003e,
        ["SCMP_ARCH_ARM"] = 0x40000028,
        ["SCMP_ARCH_AARCH64"] = 0xc00000b7,
        ["SCMP_ARCH_LOONGARCH64"] = 0xc0000102,
        ["SCMP_ARCH_M68K"] = 0x00000004,
        ["SCMP_ARCH_MIPS"] = 0x00000008,
        ["SCMP_ARCH_MIPS64"] = 0x80000008,
        ["SCMP_ARCH_MIPS64N32"] = 0xa0000008,
        ["SCMP_ARCH_MIPSEL"] = 0x40000008,
        ["SCMP_ARCH_MIPSEL64"] = 0xc0000008,
        ["SCMP_ARCH_MIPSEL64N32"] = 0xe0000008,
        ["SCMP_ARCH_PPC"] = 0x00000014,
        ["SCMP_ARCH_PPC64"] = 0x80000015,
        ["SCMP_ARCH_PPC64LE"] = 0xc0000015,
        ["SCMP_ARCH_S390"] = 0x00000016,
        ["SCMP_ARCH_S390X"] = 0x80000016,
        ["SCMP_ARCH_PARISC"] = 0x0000000f,
        ["SCMP_ARCH_PARISC64"] = 0x8000000f,
        ["SCMP_ARCH_RISCV64"] = 0xc00000f3,
        ["SCMP_ARCH_SH"] = 0x4000002a,
        ["SCMP_ARCH_SHEB"] = 0x0000002a,
    };
}
