using Suite.Linux.Errors;
using Suite.Linux.Native;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Oci.Containers;

internal static unsafe class Children
{
    /// <returns>The exit code as a shell has it.</returns>
    public static int WaitFor(int pid)
    {
        int status;
        while (Wait.waitpid(pid, &status, Wait.__WALL) < 0)
        {
            if (errno != ErrnoNames.EINTR)
                throw new ErrnoException($"wait for the process {pid}", errno);
        }

        return Wait.ExitCode(status);
    }
}
