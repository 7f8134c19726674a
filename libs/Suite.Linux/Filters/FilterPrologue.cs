using System.Runtime.InteropServices;
using Suite.Linux.Native;

namespace Suite.Linux.Filters;

/// <summary>
/// What comes before libseccomp's program: rules about calls that it does not know, and ENOSYS instead of a refusal for calls
/// younger than any the profile names. glibc falls back to an older call on ENOSYS; on EPERM it gives up.
/// </summary>
internal static class FilterPrologue
{
    // struct seccomp_data (linux/seccomp.h): the number at 0, the architecture at 4.
    private const uint OffsetOfNumber = 0;
    private const uint OffsetOfArchitecture = 4;

    // linux/bpf_common.h.
    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort Return = 0x06;

    private const uint EnoSys = 38;

    // __X32_SYSCALL_BIT (asm/unistd.h): such numbers are another architecture's.
    private const uint FirstOfX32 = 0x40000000;

    // AUDIT_ARCH_* is the ELF machine in its low half: EM_MIPS counts from 4000 and up, x32 is told by its token.
    private const uint Mips = 8;
    private const uint X32 = 0x4000003e;

    public static byte[] For(IReadOnlyList<uint> architectures, uint defaultAction, IReadOnlyList<(uint Number, uint Action)> rules, uint newest)
    {
        var uniform = architectures.Where(token => (token & 0xffff) != Mips && token != X32).ToList();
        var refuses = defaultAction is Seccomp.SECCOMP_RET_KILL_PROCESS or Seccomp.SECCOMP_RET_KILL_THREAD or Seccomp.SECCOMP_RET_TRAP
            || (defaultAction & 0xffff0000) == Seccomp.SECCOMP_RET_ERRNO && defaultAction != (Seccomp.SECCOMP_RET_ERRNO | EnoSys);
        var unknown = refuses && newest > 0;
        if (uniform.Count == 0 || (rules.Count == 0 && !unknown))
            return [];

        var body = new List<Seccomp.sock_filter> { Statement(LoadWord, OffsetOfNumber) };
        foreach (var (number, action) in rules)
        {
            body.Add(Jump(JumpIfEqual, number, 0, 1));
            body.Add(Statement(Return, action));
        }

        if (unknown)
        {
            body.Add(Jump(JumpIfAtLeast, FirstOfX32, 2, 0));
            body.Add(Jump(JumpIfAtLeast, newest + 1, 0, 1));
            body.Add(Statement(Return, Seccomp.SECCOMP_RET_ERRNO | EnoSys));
        }

        var program = new List<Seccomp.sock_filter> { Statement(LoadWord, OffsetOfArchitecture) };
        for (var i = 0; i < uniform.Count; i++)
        {
            var last = i == uniform.Count - 1;
            program.Add(Jump(JumpIfEqual, uniform[i], (byte)(uniform.Count - 1 - i), last ? (byte)body.Count : (byte)0));
        }

        program.AddRange(body);
        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(program)).ToArray();
    }

    private static Seccomp.sock_filter Statement(ushort code, uint value) => new() { code = code, k = value };

    private static Seccomp.sock_filter Jump(ushort code, uint value, byte ifTrue, byte ifFalse) => new() { code = code, jt = ifTrue, jf = ifFalse, k = value };
}
