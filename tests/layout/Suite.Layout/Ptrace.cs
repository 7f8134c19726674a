using System.Runtime.InteropServices;
using Suite.Linux.Errors;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Layout;

/// <summary>ptrace(2). All calls come from the one thread that traces.</summary>
internal static unsafe partial class Ptrace
{
    /// <summary>Of a stop: the upper half of the status of waitpid.</summary>
    public const int EventFork = 1, EventVfork = 2, EventClone = 3, EventExec = 4, EventStop = 128;

    private const int Continue = 7, GetRegisters = 12, SetRegisters = 13, SeizeRequest = 0x4206, InterruptRequest = 0x4207, ListenRequest = 0x4208;
    private const int Options = 0x2 | 0x4 | 0x8 | 0x10 | 0x100000; // FORK, VFORK, CLONE, EXEC, EXITKILL

    /// <summary>The index of rip in user_regs_struct, and its length (sys/user.h).</summary>
    private const int InstructionPointer = 16, RegisterCount = 27;

    /// <summary>Everything that it starts is traced as well.</summary>
    public static void Seize(int process)
    {
        if (ptrace(SeizeRequest, process, 0, Options) != 0)
            throw new ErrnoException($"trace the process {process}", Marshal.GetLastPInvokeError());
    }

    // A thread that is gone meanwhile says so by its end: nothing to do here.
    public static void Resume(int thread, int signal = 0) => _ = ptrace(Continue, thread, 0, signal);

    public static void StayStopped(int thread) => _ = ptrace(ListenRequest, thread, 0, 0);

    public static void Interrupt(int thread) => _ = ptrace(InterruptRequest, thread, 0, 0);

    /// <summary>Sets the thread back before the one byte of a breakpoint that it has just run into.</summary>
    /// <returns>The address of the breakpoint; 0: the thread is gone.</returns>
    public static ulong StepBack(int thread, Func<ulong, bool> isBreakpoint)
    {
        var registers = stackalloc ulong[RegisterCount];
        if (ptrace(GetRegisters, thread, 0, (nint)registers) != 0)
            return 0;
        var address = registers[InstructionPointer] - 1;
        if (!isBreakpoint(address))
            return 0;
        registers[InstructionPointer] = address;
        _ = ptrace(SetRegisters, thread, 0, (nint)registers);
        return address;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint ptrace(nint request, int process, nint address, nint data);
}
