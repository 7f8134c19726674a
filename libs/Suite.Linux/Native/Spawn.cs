using System.Runtime.InteropServices;
using static Suite.Linux.Native.PosixSpawn;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Native;

/// <summary>A way of using posix_spawn(3) for programs that are to outlive their starter.</summary>
internal static unsafe class Spawn
{
    private const uint OwnerOnly = 0b110_000_000;

    // sigset_t of glibc has 1024 bits, of which the kernel knows 64.
    private const int SignalWords = 16;

    /// <summary>
    /// Starts a program as a session leader without a terminal: /dev/null as input, output and errors appended to a file, every
    /// signal as at the start of a login.
    /// </summary>
    /// <returns>The process id, or the negated errno.</returns>
    public static int Detached(string path, IReadOnlyList<string> argv, IReadOnlyList<string> environment, string output)
    {
        var actions = stackalloc byte[FileActionsSize];
        var attributes = stackalloc byte[AttributesSize];
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        var texts = Vector(["/dev/null", output, path]);
        var arguments = Vector(argv);
        var variables = Vector(environment);
        try
        {
            _ = posix_spawn_file_actions_addopen(actions, 0, texts[0], O_RDONLY, 0);
            _ = posix_spawn_file_actions_addopen(actions, 1, texts[1], O_WRONLY | O_CREAT | O_APPEND, OwnerOnly);
            _ = posix_spawn_file_actions_adddup2(actions, 1, 2);
            SetSignals(attributes);

            int pid;
            fixed (byte** argumentsPointer = arguments, variablesPointer = variables)
            {
                var error = posix_spawn(&pid, texts[2], actions, attributes, argumentsPointer, variablesPointer);
                return error == 0 ? pid : -error;
            }
        }
        finally
        {
            Free(texts);
            Free(arguments);
            Free(variables);
            _ = posix_spawnattr_destroy(attributes);
            _ = posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>SIGINT ignored by a shell's `&amp;`, or blocked by whoever started us, must not be handed down (signal(7)).</summary>
    private static void SetSignals(void* attributes)
    {
        var none = stackalloc ulong[SignalWords];
        var all = stackalloc ulong[SignalWords];
        for (var i = 0; i < SignalWords; i++)
        {
            none[i] = 0;
            all[i] = ulong.MaxValue;
        }

        _ = posix_spawnattr_setsigmask(attributes, none);
        _ = posix_spawnattr_setsigdefault(attributes, all);
        _ = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }

    /// <summary>A <c>char*[]</c> that ends in a null pointer.</summary>
    private static byte*[] Vector(IReadOnlyList<string> values)
    {
        var pointers = new byte*[values.Count + 1];
        for (var i = 0; i < values.Count; i++)
            pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(values[i]);
        return pointers;
    }

    private static void Free(byte*[] pointers)
    {
        foreach (var pointer in pointers)
            Marshal.FreeCoTaskMem((nint)pointer);
    }
}
