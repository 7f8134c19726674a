using System.Globalization;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Linux.Processes;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Inits;

internal static unsafe class LimitActions
{
    public static void Take(Step step)
    {
        if (step is SetOomScore score)
            SetScore(score.Value);
        else
            SetLimit((SetRlimit)step);
    }

    /// <summary>
    /// Without CAP_SYS_RESOURCE the value may not be lower than it was (proc_pid_oom_score_adj(5)). The nearest that is allowed
    /// is better than a container that does not start.
    /// </summary>
    private static void SetScore(int value)
    {
        const string file = "/proc/self/oom_score_adj";
        var error = Descriptor.TryWriteText(file, value.ToString(CultureInfo.InvariantCulture));
        if (error != 0 && error != ErrnoNames.EACCES)
            throw new ErrnoException($"write {value} to {file}", error);
    }

    /// <summary>A hard limit above the present one is cut to it where this process may not raise it (setrlimit(2)).</summary>
    private static void SetLimit(SetRlimit step)
    {
        _ = ResourceLimits.TryFind(step.Name, out var resource);
        var limit = new Resource.rlimit_t { rlim_cur = step.Soft, rlim_max = step.Hard };
        if (Resource.prlimit(0, resource, &limit, null) == 0)
            return;

        var error = Tmds.Linux.LibC.errno;
        Resource.rlimit_t present;
        if (error == ErrnoNames.EPERM && Resource.prlimit(0, resource, null, &present) == 0)
        {
            limit = new Resource.rlimit_t { rlim_cur = Math.Min(step.Soft, present.rlim_max), rlim_max = Math.Min(step.Hard, present.rlim_max) };
            if (Resource.prlimit(0, resource, &limit, null) == 0)
                return;
        }

        throw new ErrnoException($"set {step.Name} to {step.Soft}:{step.Hard}", error);
    }
}
