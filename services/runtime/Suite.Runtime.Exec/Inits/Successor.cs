using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>The second half of an init with a user namespace: the first says who it is, and ends.</summary>
internal static unsafe class Successor
{
    /// <summary>Waits, for a few milliseconds, until the first half has prepared what needs the host's rights.</summary>
    /// <returns>The pid of the second half, which is our child as well.</returns>
    /// <exception cref="StartFailedException">A step of the first half failed; it is waited for.</exception>
    public static int Await(int first, int report)
    {
        Span<byte> message = stackalloc byte[InitReport.MaxSize];
        Span<int> descriptors = stackalloc int[FdMessage.MaxDescriptors];
        var length = FdMessage.Await(report, message, descriptors, out var count);

        int status;
        while (Wait.waitpid(first, &status, Wait.__WALL) < 0 && errno == ErrnoNames.EINTR)
        {
        }

        if (count > 0)
        {
            var pid = ProcessDescriptors.PidOf(descriptors[0]);
            Descriptor.Close(descriptors[0]);
            return pid;
        }

        Descriptor.Close(report);
        var failure = length > 0
            ? InitReport.Read(message[..length])
            : new InitReport(ErrorKind.Internal, 128, $"prepare the user namespace: the init ended with {Wait.ExitCode(status)} and without a word");
        throw new StartFailedException(failure.Kind, failure.Message, failure.ExitCode);
    }
}
