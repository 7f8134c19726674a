using Suite.Linux.Errors;
using Suite.Runtime.Exec.Plans.Steps;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// Between create and start: the init is all that it will be but the program. It holds the reading end of a named pipe, which needs no
/// path, so that it works in any root; that end closes with the exec, which tells the one who starts that the program runs.
/// </summary>
internal static unsafe class StartGate
{
    /// <summary>The message that says ready. A report of a failure is longer.</summary>
    public const int ReadySize = 1;

    public static void Wait(AwaitStart step, InitContext context)
    {
        ExecuteAction.Check(step.Program, step.Environment, step.Directory);
        var ready = (byte)0;
        if ((long)send(context.Report, &ready, ReadySize, MSG_NOSIGNAL) < 0)
            throw new ErrnoException("say that the container is created", errno);
        context.Left = true;

        // With no writer yet there is nothing to wait for but POLLIN: a hang-up comes only after a writer (fifo(7)).
        var gate = new pollfd { fd = context.Leave!.Gate, events = (short)POLLIN };
        byte start;
        while (true)
        {
            _ = poll(&gate, 1, -1);
            var count = (long)read(gate.fd, &start, 1);
            if (count == 1)
                return;
            // A writer came and went without a word; the next may have one. Ended ends are polled as hung up until then.
            if (count == 0)
                _ = poll(null, 0, 1);
            else if (errno is not (ErrnoNames.EINTR or ErrnoNames.EAGAIN))
                throw new ErrnoException("wait for the start", errno);
        }
    }
}
