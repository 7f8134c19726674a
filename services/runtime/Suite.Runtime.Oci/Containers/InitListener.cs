using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Oci.Containers;

/// <summary>What an init says until it is at its gate or has become its program.</summary>
internal static unsafe class InitListener
{
    /// <summary>Returns when the init is at its gate or runs its program.</summary>
    /// <param name="gate">It is to say that it is at its gate; else the end of its messages is the exec, or its death, which is an exit.</param>
    /// <param name="outside">Called with what the init asks for: hooks of the runtime's namespaces, or network devices.</param>
    /// <param name="mounted">Called with the number of the root's mount, where that is in a mount namespace that was there before.</param>
    /// <returns>The master of the terminal that the init opened; -1 if it opened none.</returns>
    /// <exception cref="SuiteException">It failed, and is about to exit.</exception>
    public static int Listen(int socket, bool gate, Action<byte> outside, Action<ulong> mounted)
    {
        var terminal = -1;
        Span<byte> message = stackalloc byte[InitReport.MaxSize];
        Span<int> descriptors = stackalloc int[FdMessage.MaxDescriptors];
        while (true)
        {
            var wanted = new pollfd { fd = socket, events = (short)POLLIN };
            _ = poll(&wanted, 1, -1);
            var length = FdMessage.Receive(socket, message, descriptors, out var count);
            // Told once, before what was sent last: an init that failed early has not read that its cgroup is made.
            if (length is -ErrnoNames.EAGAIN or -ErrnoNames.ECONNRESET)
                continue;
            if (count > 0 && message[0] == InitMessages.RootMounted)
            {
                mounted(OutsideRemains.MountOf(descriptors[0]));
                Descriptor.Close(descriptors[0]);
                continue;
            }

            if (count > 0 && message[0] is InitMessages.HooksWanted or InitMessages.DevicesWanted)
            {
                Answer(outside, message[0], descriptors[0]);
                continue;
            }

            if (count > 0)
            {
                terminal = descriptors[0];
                continue;
            }

            if (length == StartGate.ReadySize || (length <= 0 && !gate))
                return terminal;
            Descriptor.Close(terminal);
            if (length <= 0)
                throw new SuiteException(ErrorKind.Internal, "the container's first process was killed before it was ready; most likely its memory limit is too small");
            throw Failure(InitReport.Read(message[..length]));
        }
    }

    // The init waits for a word, and turns any but the one of success into its own failure.
    private static void Answer(Action<byte> outside, byte wanted, int answer)
    {
        var said = OutsideProcess.Done;
        try
        {
            outside(wanted);
        }
        catch (SuiteException failure)
        {
            said = InitReport.Shorten(failure.Message);
        }

        _ = Descriptor.TryWrite(answer, said);
        Descriptor.Close(answer);
    }

    public static SuiteException Failure(InitReport report) => new(report.Kind, report.Message);
}
