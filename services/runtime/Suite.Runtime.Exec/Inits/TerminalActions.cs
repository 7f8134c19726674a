using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Exec.Wire;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>Runs inside the container's root. The slave is opened through the master, so that no path decides which it is.</summary>
internal static unsafe class TerminalActions
{
    // asm-generic/ioctls.h
    private const int TIOCSCTTY = 0x540E;
    private const int TIOCSPTLCK = 0x40045431;
    private const int TIOCGPTPEER = 0x5441;

    public static void Open(OpenTerminal step, InitContext context)
    {
        var master = Descriptor.Open("/dev/pts/ptmx", O_RDWR | O_NOCTTY);
        var unlocked = 0;
        Check(ioctl(master, TIOCSPTLCK, &unlocked), "unlock the terminal");
        var slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
        Check(slave, "open the other side of the terminal");
        if (context.Size is { } size)
            Terminals.Resize(slave, size);
        if (step.Console)
            BindConsole(slave);

        FdMessage.Send(context.Report, [InitMessages.Terminal], [master]);
        for (var stream = 0; stream < 3; stream++)
            Check(dup2(slave, stream), "connect the terminal");
        Check(ioctl(0, TIOCSCTTY, 0), "make the terminal the controlling one");
        Descriptor.Close(slave);
        Descriptor.Close(master);
    }

    private static void BindConsole(int slave)
    {
        var root = Descriptor.Open("/", O_PATH | O_DIRECTORY);
        var target = RootedPath.OpenMountPoint(root, "/dev/console", directory: false, Linux.Native.OpenAt2.RESOLVE_NO_SYMLINKS);
        var copy = MaskActions.CloneTree(slave, "the terminal", recursive: false);
        FilesystemMount.Attach(copy, target, "/dev/console");
        Descriptor.Close(copy);
        Descriptor.Close(target);
        Descriptor.Close(root);
    }

    private static void Check(int result, string action)
    {
        if (result < 0)
            throw new ErrnoException(action, errno);
    }
}
