using System.Collections.Immutable;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

/// <summary>All that is done to run one more process in a running container.</summary>
public sealed record ProcessPlan
{
    internal ProcessPlan(CloneRequest request, ImmutableArray<Step> steps)
    {
        Request = request;
        Steps = steps;
    }

    internal CloneRequest Request { get; }

    internal bool Terminal => Request.Terminal;

    internal ImmutableArray<Step> Steps { get; }

    /// <exception cref="Linux.Errors.SuiteException">As <see cref="ContainerPlan.From"/>.</exception>
    public static ProcessPlan From(Process process, ProcessOptions options)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        var planner = new ProcessPlanner(process, options.User, "");
        planner.AddScore(steps);
        planner.AddScheduling(steps);
        var state = options.State is { } s ? StateText.Of(s.OciVersion, s.Id, s.Bundle, s.Annotations) : StateText.Of("1.3.0", "", "", null);
        var filter = FilterPlanner.Add(steps, options.Seccomp, options.SeccompText, "seccomp", options.FilterCache, state);
        if (options.Resctrl is { } group)
            steps.Add(new EnterResctrl(group with { Own = false, Schemata = [] }));
        SchedulingPlanner.AddAffinity(steps, process.ExecCpuAffinity?.Initial, "execCPUAffinity.initial");
        steps.Add(new EnterCgroup(NewNamespace: false));
        SchedulingPlanner.AddAffinity(steps, process.ExecCpuAffinity?.Final, "execCPUAffinity.final");
        steps.Add(new JoinContainer());
        if (process.Terminal)
            steps.Add(new OpenTerminal(Console: false));
        planner.AddLimits(steps);
        planner.AddDirectory(steps);
        planner.AddRights(steps, filter);
        return new ProcessPlan(new CloneRequest(0, null, "/", process.Terminal), steps.ToImmutable());
    }

    public override string ToString() => $"process\n{string.Join('\n', Steps)}\n";
}
