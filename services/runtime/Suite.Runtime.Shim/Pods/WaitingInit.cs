using Suite.Linux.Cgroups;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Loops;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>The init of a container that will come, until it has its plan.</summary>
internal sealed class WaitingInit
{
    private readonly CloneRequest _request;
    private readonly InitProcess _init;
    private readonly ChildReaper _reaper;
    private bool _isDead;

    private WaitingInit(CloneRequest request, InitProcess init, ChildReaper reaper)
    {
        _request = request;
        _init = init;
        _reaper = reaper;
        reaper.Expect(init.Pid, _ => _isDead = true);
    }

    public static WaitingInit Start(CgroupHost host, CloneRequest request, WireReader steps, ReadyCgroup ready, ChildReaper reaper) =>
        new(request, InitProcess.StartAhead(host, request, steps, ready), reaper);

    /// <summary>Gives it its plan. From then on the process, and its socket, are the caller's.</summary>
    /// <returns>Null: this init is none for the plan, or is gone. It has been ended.</returns>
    public InitProcess? TryGive(MappedPlan plan, ReadOnlySpan<int> streams, TerminalSize? size)
    {
        var request = plan.Request;
        if (!_isDead && request.MayBeginAhead && request.Flags == _request.Flags && request.CgroupPath == _request.CgroupPath
            && PlanDelivery.TrySend(_init, plan.File, streams, size) == 0)
            return _init;
        End();
        return null;
    }

    public void End()
    {
        Descriptor.Close(_init.Report);
        // The number of one that was waited for may be another's by now.
        if (_isDead)
            return;
        _ = kill(_init.Pid, SIGKILL);
        _reaper.WaitFor(_init.Pid);
    }
}
