using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Clients;
using Suite.Runtime.Shim.Loops;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>The whole of a shim's life. Started by the runtime with a socket to it as descriptor 3.</summary>
internal static unsafe class ShimProcess
{
    public static int Run()
    {
        if (fcntl(Protocol.LauncherDescriptor, F_GETFD) < 0)
        {
            Say("suite-shim: is started by suite-runtime, with a socket as descriptor 3; there is nothing to run by hand\n"u8);
            return 2;
        }

        // The finalizer's thread is through with its own start before anything is cloned.
        GC.WaitForPendingFinalizers();
        fixed (byte* root = "/\0"u8)
            _ = chdir(root);
        // Executed from a descriptor it would be called by that number, and the descriptor has served.
        fixed (byte* name = "suite-shim\0"u8)
            _ = Prctl.prctl(Prctl.PR_SET_NAME, (nuint)name, 0, 0, 0);
        _ = CloseRange.close_range(Protocol.LauncherDescriptor + 1, Protocol.LauncherDescriptor + 1, 0);
        // Orphans of containers in a shared pid namespace come to us, and are reaped (prctl(2)).
        _ = Prctl.prctl(Prctl.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        _ = fcntl(Protocol.LauncherDescriptor, F_SETFD, FD_CLOEXEC);
        var loop = new EventLoop();
        var pod = new Pod(loop, new ChildReaper(loop));
        pod.Accept(new Client(loop, Protocol.LauncherDescriptor, pod));
        loop.Run();
        pod.Dismiss();
        return 0;
    }

    private static void Say(ReadOnlySpan<byte> text)
    {
        fixed (byte* bytes = text)
            _ = write(2, bytes, text.Length);
    }
}
