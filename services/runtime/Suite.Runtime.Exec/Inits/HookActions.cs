using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

internal static unsafe class HookActions
{
    public static void Take(Step step, InitContext context)
    {
        if (step is RunHooks run)
            HookRunner.Run(run.Hooks, run.State.With(run.Status, context.HostPid));
        else
            Ask(step is AskHooks ? InitMessages.HooksWanted : InitMessages.DevicesWanted, context);
    }

    private static void Ask(byte wanted, InitContext context)
    {
        var ends = stackalloc int[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
            throw new ErrnoException("make a socket to ask the runtime", errno);
        FdMessage.Send(context.Report, [wanted], [ends[1]]);
        Descriptor.Close(ends[1]);
        OutsideProcess.Await(ends[0]);
        Descriptor.Close(ends[0]);
    }
}

/// <summary>The first byte of a message from an init that has a descriptor with it; one without is a report.</summary>
internal static class InitMessages
{
    /// <summary>The master of a terminal.</summary>
    public const byte Terminal = 0;

    /// <summary>Where to answer when the hooks of the runtime have been run.</summary>
    public const byte HooksWanted = 1;

    /// <summary>The pid of the process that goes on in the place of this one, in eight bytes behind.</summary>
    public const byte Successor = 2;

    /// <summary>Where to answer when the network devices have been moved.</summary>
    public const byte DevicesWanted = 3;

    /// <summary>The root of the container, which is mounted now in a mount namespace that was there before.</summary>
    public const byte RootMounted = 4;
}
