using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// A child that does something outside a container for a process that may not wait, in the namespaces of that process or of the
/// host. It says what came of it to whoever holds the other end of a socket, and ends.
/// </summary>
internal static unsafe class OutsideProcess
{
    /// <summary>What is answered when all is well: a message must have a byte, or it would look like the end.</summary>
    public const string Done = ".";

    /// <param name="work">What to do. What it throws is the answer.</param>
    /// <param name="answer">Written to once, and left open here; -1: nobody asks.</param>
    /// <param name="namespaces">Descriptors of namespaces to be in; none: those of this process.</param>
    /// <param name="kept">A descriptor that the work needs, or -1.</param>
    /// <returns>The pid of the child, to be waited for.</returns>
    public static int Start(Action work, int answer, ReadOnlySpan<int> namespaces, int kept = -1)
    {
        var arguments = new Sched.clone_args { exit_signal = (ulong)SIGCHLD };
        var pid = Sched.clone3(&arguments);
        if (pid < 0)
            throw new ErrnoException("make a process to work outside of the container", errno);
        if (pid > 0)
            return pid;

        string said;
        try
        {
            foreach (var item in namespaces)
            {
                if (setns(item, 0) != 0)
                    throw new ErrnoException("go to the host's namespaces", errno);
            }

            // Copies of the shim's connections and pipes: who is at their other end must not wait for a hook to see them close.
            Descriptor.CloseAllBut([answer, kept]);
            work();
            said = Done;
        }
        catch (Exception failure)
        {
            said = failure.Message;
        }

        if (answer >= 0)
            _ = Descriptor.TryWrite(answer, InitReport.Shorten(said));
        _exit(0);
        return 0;
    }

    /// <summary>Waits for what <see cref="Start"/> answers, in the init.</summary>
    public static void Await(int answer)
    {
        var buffer = stackalloc byte[InitReport.MaxSize];
        long count;
        while ((count = (long)recv(answer, buffer, InitReport.MaxSize, 0)) < 0 && errno == ErrnoNames.EINTR)
        {
        }

        var text = count > 0 ? System.Text.Encoding.UTF8.GetString(buffer, (int)count) : "the process that was to do it ended without a word";
        if (text != Done)
            throw new SuiteException(ErrorKind.FailedPrecondition, text);
    }
}
