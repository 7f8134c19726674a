using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Exec.Inits;

internal static unsafe class SchedulingActions
{
    public static void Take(Step step)
    {
        switch (step)
        {
            case SetPersonality personality:
                Check(Scheduling.personality(personality.Domain), "set the personality");
                break;
            case SetScheduler scheduler:
                Set(scheduler);
                break;
            case SetIoPriority priority:
                Check(Scheduling.SetIoPriority((priority.Class << 13) | priority.Level), "set the io priority");
                break;
            case SetAffinity affinity:
                fixed (byte* mask = affinity.Mask)
                    Check(Scheduling.SetAffinity(mask, affinity.Mask.Length), $"run on the CPUs {affinity.Cpus}");
                break;
            case SetMemoryPolicy policy:
                // The number of bits counts one more than there are (set_mempolicy(2), BUGS).
                fixed (byte* nodes = policy.Nodes)
                    Check(Scheduling.SetMemoryPolicy(policy.Mode, nodes, policy.Nodes.Length == 0 ? 0 : (policy.Nodes.Length * 8) + 1), "set the memory policy");
                break;
        }
    }

    private static void Set(SetScheduler step)
    {
        var attributes = new Scheduling.sched_attr
        {
            size = (uint)sizeof(Scheduling.sched_attr),
            sched_policy = step.Policy,
            sched_flags = step.Flags,
            sched_nice = step.Nice,
            sched_priority = step.Priority,
            sched_runtime = step.Runtime,
            sched_deadline = step.Deadline,
            sched_period = step.Period,
        };
        Check(Scheduling.SetScheduler(&attributes), "set the scheduler");
    }

    private static void Check(int result, string action)
    {
        if (result < 0)
            throw new ErrnoException(action, errno);
    }
}
