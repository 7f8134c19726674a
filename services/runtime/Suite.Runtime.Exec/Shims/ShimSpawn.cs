using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Wire;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Shims;

/// <summary>Starts suite-shim: in a session of its own, with nothing of ours but one socket.</summary>
internal static unsafe class ShimSpawn
{
    // Where the child finds the program, when it is executed from a descriptor. It is the last that stays open.
    private const int ProgramDescriptor = Protocol.LauncherDescriptor + 1;

    /// <param name="program">What <see cref="SealedExecutable"/> opened; -1: the executable is started by its path.</param>
    public static int Start(string executable, int program, int socket)
    {
        var actions = stackalloc byte[PosixSpawn.FileActionsSize];
        var attributes = stackalloc byte[PosixSpawn.AttributesSize];
        _ = PosixSpawn.posix_spawn_file_actions_init(actions);
        _ = PosixSpawn.posix_spawnattr_init(attributes);
        try
        {
            fixed (byte* nowhere = "/dev/null\0"u8)
            {
                for (var fd = 0; fd < 3; fd++)
                    _ = PosixSpawn.posix_spawn_file_actions_addopen(actions, fd, nowhere, O_RDWR, 0);
            }

            _ = PosixSpawn.posix_spawn_file_actions_adddup2(actions, socket, Protocol.LauncherDescriptor);
            if (program >= 0)
                _ = PosixSpawn.posix_spawn_file_actions_adddup2(actions, program, ProgramDescriptor);
            _ = PosixSpawn.posix_spawn_file_actions_addclosefrom_np(actions, program >= 0 ? ProgramDescriptor + 1 : ProgramDescriptor);
            SetSignals(attributes);
            return Spawn(program >= 0 ? $"/proc/self/fd/{ProgramDescriptor}" : executable, actions, attributes);
        }
        finally
        {
            _ = PosixSpawn.posix_spawn_file_actions_destroy(actions);
            _ = PosixSpawn.posix_spawnattr_destroy(attributes);
        }
    }

    /// <summary>Takes the exit of a shim whose connection has ended. A shim that lives on is left alone.</summary>
    public static void Reap(int pid)
    {
        int status;
        for (var attempt = 0; attempt < 200 && Wait.waitpid(pid, &status, Wait.WNOHANG) == 0; attempt++)
            Thread.Sleep(1);
    }

    /// <summary>
    /// Every thread of the shim must have SIGCHLD blocked from the beginning: a thread that does not block it, the finalizer's
    /// say, would swallow it, and the signalfd would never see it.
    /// </summary>
    private static void SetSignals(byte* attributes)
    {
        var blocked = stackalloc ulong[16];
        var standard = stackalloc ulong[16];
        new Span<ulong>(blocked, 16).Clear();
        new Span<ulong>(standard, 16).Clear();
        foreach (var signal in (ReadOnlySpan<int>)[SIGCHLD, SIGHUP, SIGINT, SIGPIPE])
            blocked[0] |= 1UL << (signal - 1);
        standard[0] = ~0UL & ~(1UL << (SIGKILL - 1)) & ~(1UL << (SIGSTOP - 1)) & 0x7fffffff;
        _ = PosixSpawn.posix_spawnattr_setsigmask(attributes, blocked);
        _ = PosixSpawn.posix_spawnattr_setsigdefault(attributes, standard);
        _ = PosixSpawn.posix_spawnattr_setflags(
            attributes, PosixSpawn.POSIX_SPAWN_SETSIGMASK | PosixSpawn.POSIX_SPAWN_SETSIGDEF | PosixSpawn.POSIX_SPAWN_SETSID);
    }

    private static int Spawn(string executable, byte* actions, byte* attributes)
    {
        fixed (byte* path = Descriptor.Path(executable))
        fixed (byte* name = "suite-shim\0"u8)
        {
            var arguments = stackalloc byte*[2] { name, null };
            var environment = stackalloc byte*[1] { null };
            int pid;
            var error = PosixSpawn.posix_spawn(&pid, path, actions, attributes, arguments, environment);
            return error == 0
                ? pid
                : throw new SuiteException(ErrorKind.Internal, $"start the shim {executable}: {ErrnoNames.Describe(error)}; `make build` publishes it beside the other programs");
        }
    }
}
