using System.Runtime.InteropServices;
using Suite.Linux.Native;

namespace Suite.Runtime.Exec.Tests.Filters;

/// <summary>Runs a filter as the kernel would, on one system call (linux/filter.h, the part that seccomp may use).</summary>
internal static class FilterMachine
{
    public const uint X64 = 0xc000003e;
    public const uint X86 = 0x40000003;
    public const uint Allow = Seccomp.SECCOMP_RET_ALLOW;

    public static uint Errno(uint number) => Seccomp.SECCOMP_RET_ERRNO | number;

    public static uint Run(byte[] program, uint number, uint architecture = X64, params ulong[] arguments)
    {
        var instructions = MemoryMarshal.Cast<byte, Seccomp.sock_filter>(program);
        // struct seccomp_data: number, architecture, instruction pointer, six arguments.
        var data = new uint[16];
        (data[0], data[1]) = (number, architecture);
        for (var i = 0; i < arguments.Length; i++)
            (data[4 + (2 * i)], data[5 + (2 * i)]) = ((uint)arguments[i], (uint)(arguments[i] >> 32));

        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var (code, k) = (instructions[at].code, instructions[at].k);
            switch (code)
            {
                case 0x20:
                    accumulator = data[k / 4];
                    break;
                case 0x54:
                    accumulator &= k;
                    break;
                case 0x05:
                    at += (int)k;
                    break;
                case 0x15 or 0x25 or 0x35 or 0x45:
                    var holds = code switch { 0x15 => accumulator == k, 0x25 => accumulator > k, 0x35 => accumulator >= k, _ => (accumulator & k) != 0 };
                    at += holds ? instructions[at].jt : instructions[at].jf;
                    break;
                case 0x06:
                    return k;
                default:
                    throw new InvalidOperationException($"instruction 0x{code:x2} at {at}");
            }
        }
    }
}
