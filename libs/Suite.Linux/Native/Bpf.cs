using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Native;

/// <summary>linux/bpf.h: programs for cgroups (bpf(2)).</summary>
public static unsafe partial class Bpf
{
    public const int BPF_PROG_LOAD = 5;
    public const int BPF_PROG_ATTACH = 8;
    public const int BPF_PROG_GET_FD_BY_ID = 13;
    public const int BPF_PROG_QUERY = 16;
    public const int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    public const int BPF_CGROUP_DEVICE = 6;
    public const int BPF_F_ALLOW_MULTI = 2;
    public const int BPF_F_REPLACE = 4;

    private static readonly long s_bpf = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 321 : 280;

    [StructLayout(LayoutKind.Sequential)]
    public struct bpf_insn
    {
        public byte code;

        /// <summary>The destination in the low half, the source in the high one.</summary>
        public byte registers;
        public short off;
        public int imm;
    }

    // union bpf_attr, the part of each command: zeros behind it mean what they meant before the kernel knew more.
    private const int AttributeSize = 128;

    /// <returns>A descriptor of the program, or -1.</returns>
    public static int Load(bpf_insn[] program, out int error)
    {
        var attribute = stackalloc byte[AttributeSize];
        new Span<byte>(attribute, AttributeSize).Clear();
        fixed (bpf_insn* instructions = program)
        fixed (byte* license = "Apache-2.0\0"u8)
        {
            *(int*)attribute = BPF_PROG_TYPE_CGROUP_DEVICE;
            *(int*)(attribute + 4) = program.Length;
            *(ulong*)(attribute + 8) = (ulong)instructions;
            *(ulong*)(attribute + 16) = (ulong)license;
            var result = Call(BPF_PROG_LOAD, attribute);
            error = result < 0 ? errno : 0;
            return result;
        }
    }

    /// <summary>Attaches a program to a cgroup, in place of the one that is there or beside those of others.</summary>
    /// <returns>0, or the error number.</returns>
    public static int Attach(int cgroup, int program)
    {
        var former = Attached(cgroup);
        var attribute = stackalloc byte[AttributeSize];
        new Span<byte>(attribute, AttributeSize).Clear();
        *(int*)attribute = cgroup;
        *(int*)(attribute + 4) = program;
        *(int*)(attribute + 8) = BPF_CGROUP_DEVICE;
        *(int*)(attribute + 12) = former >= 0 ? BPF_F_ALLOW_MULTI | BPF_F_REPLACE : BPF_F_ALLOW_MULTI;
        *(int*)(attribute + 16) = Math.Max(former, 0);
        var error = Call(BPF_PROG_ATTACH, attribute) == 0 ? 0 : errno;
        if (former >= 0)
            _ = close(former);
        return error;
    }

    /// <returns>A descriptor of the one program that is attached to a cgroup itself; -1: none, or several.</returns>
    private static int Attached(int cgroup)
    {
        var attribute = stackalloc byte[AttributeSize];
        new Span<byte>(attribute, AttributeSize).Clear();
        var programs = stackalloc uint[2];
        *(int*)attribute = cgroup;
        *(int*)(attribute + 4) = BPF_CGROUP_DEVICE;
        *(ulong*)(attribute + 16) = (ulong)programs;
        *(int*)(attribute + 24) = 2;
        if (Call(BPF_PROG_QUERY, attribute) != 0 || *(int*)(attribute + 24) != 1)
            return -1;

        new Span<byte>(attribute, AttributeSize).Clear();
        *(uint*)attribute = programs[0];
        return Call(BPF_PROG_GET_FD_BY_ID, attribute);
    }

    private static int Call(int command, byte* attribute) => (int)syscall(s_bpf, command, (nint)attribute, AttributeSize);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint first, nint second, nint third);
}
