using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Oci.Containers;

/// <summary>Opens the gate at which a created container waits.</summary>
internal static unsafe class Startup
{
    /// <summary>Returns when the program runs.</summary>
    /// <exception cref="SuiteException">The init could not become it.</exception>
    public static void Open(Container container)
    {
        if (container.Status() is not "created" and var status)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot start the container {container.Id}, which is {status}: only a created one can be started");

        var gate = Descriptor.TryOpen(container.Folder.GatePath, O_WRONLY | O_NONBLOCK, 0, out var error);
        // ENXIO: nobody has the reading end. ENOENT: another start was quicker.
        if (gate < 0)
            throw new ErrnoException($"open the gate of the container {container.Id}; its first process is gone or was started just now", error);

        Descriptor.TryUnlink(container.Folder.GatePath);
        error = Descriptor.TryWrite(gate, "1");
        if (error != 0)
            throw new ErrnoException($"start the container {container.Id}", error);
        WaitForExec(gate);
        Descriptor.Close(gate);
        if (Complaint(container) is { } report)
            throw InitListener.Failure(report);
        ContainerHooks.Started(container);
    }

    // The reading end closes with the exec, or with the end of an init that failed: the writer then sees POLLERR (poll(2)).
    private static void WaitForExec(int gate)
    {
        var end = new pollfd { fd = gate };
        while (poll(&end, 1, -1) < 0 && errno == ErrnoNames.EINTR)
        {
        }
    }

    private static InitReport? Complaint(Container container)
    {
        var file = Descriptor.TryOpen(container.Folder.ComplaintPath, O_RDONLY, 0, out _);
        if (file < 0)
            return null;
        var buffer = new byte[InitReport.MaxSize];
        int length;
        fixed (byte* data = buffer)
            length = (int)(long)read(file, data, buffer.Length);
        Descriptor.Close(file);
        Descriptor.TryUnlink(container.Folder.ComplaintPath);
        return length > 0 ? InitReport.Read(buffer.AsSpan(0, length)) : null;
    }
}
