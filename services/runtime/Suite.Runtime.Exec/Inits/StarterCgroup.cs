using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Runtime.Exec.Plans.Steps;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

/// <summary>
/// A cgroup that the starter makes beside the init, which has mounts to make meanwhile: with a hierarchy for each controller it takes
/// a fifth of a start. Only a starter that has nothing else to do can, and not for an init with a successor, which has to enter the
/// cgroup by files that were opened with the host's rights.
/// </summary>
internal static unsafe class StarterCgroup
{
    /// <summary>In the starter. If it throws, the init waits for a word that does not come, and is to be killed.</summary>
    public static void Make(Cgroup cgroup, MakeCgroup step, int report)
    {
        try
        {
            cgroup.Make();
            cgroup.Limit(step.Limits);
        }
        catch (SuiteException failure)
        {
            throw new SuiteException(failure.Kind is ErrorKind.NotFound or ErrorKind.PermissionDenied ? ErrorKind.FailedPrecondition : failure.Kind, $"{step}: {failure.Message}", failure);
        }

        var made = (byte)0;
        // An init that has failed already does not listen, and its report is there to be read.
        _ = send(report, &made, 1, MSG_NOSIGNAL);
    }

    /// <summary>In the init, before the first step that needs the cgroup, or loses sight of it.</summary>
    public static void Await(InitContext context)
    {
        if (!context.CgroupFollows)
            return;
        byte made;
        long count;
        while ((count = (long)recv(context.Report, &made, 1, 0)) < 0 && errno == ErrnoNames.EINTR)
        {
        }

        if (count != 1)
            throw new SuiteException(ErrorKind.Unavailable, "wait for the cgroup: who was to make it is gone");
        context.CgroupFollows = false;
        context.CgroupEntries = context.Cgroup.OpenEntries(unified: !context.BornInUnified);
    }
}
