using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Pods;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Drivers;

/// <summary>The shim clones the container's processes itself, and reaches them through their cgroup.</summary>
internal sealed class NativeDriver(Pod pod, Container container) : IContainerDriver
{
    private Cgroup? _cgroup;
    private PendingStart? _starting;
    private RuntimeHooks _hooks = RuntimeHooks.None;
    private OutsideWork _outside = OutsideWork.None;
    private int _lent = -1;

    public int Pid { get; private set; }

    public void Start(MappedPlan plan, Cgroup cgroup, ContainerOutput output)
    {
        (_hooks, _outside) = (plan.Request.Hooks, plan.Request.Outside);
        _cgroup = cgroup;
        var streams = output.Open();
        var (ready, waiting) = pod.TakeAnnounced(container.Id, cgroup.Path);
        InitProcess init;
        try
        {
            init = waiting?.TryGive(plan, streams, output.Size)
                ?? InitProcess.Start(pod.Cgroups, plan.Request with { Size = output.Size }, plan.Steps, streams, targetPid: 0, ready: ready);
        }
        finally
        {
            ready?.Close();
        }

        output.CloseContainerEnds();
        Pid = init.Pid;
        pod.Reaper.Expect(init.Pid, Ended);
        _starting = new PendingStart(pod.Loop, init, output.OpenTerminal, Asked, Begun);
    }

    public void Exec(MappedPlan plan, ReadOnlySpan<int> streams, ExecProcess process)
    {
        var init = InitProcess.Start(pod.Cgroups, plan.Request with { CgroupPath = _cgroup!.Path, Outside = _outside, Size = process.Size }, plan.Steps, streams, Pid);
        process.Pid = init.Pid;
        var starting = new PendingStart(pod.Loop, init, process.OpenTerminal, (_, answer) => Descriptor.Close(answer), failure =>
        {
            if (failure is not null)
                pod.Reaper.WaitFor(init.Pid);
            process.Begun(failure);
        });
        pod.Reaper.Expect(init.Pid, code =>
        {
            // A program that ends at once may be reaped before the end of its report is read.
            starting.ReadAll();
            process.Ended(code);
        });
    }

    public void Signal(int signal, bool all, Action<SuiteException?> over)
    {
        if (!all)
            SignalFirst(signal);
        else if (signal == SIGKILL)
            _cgroup!.Kill();
        else
            _cgroup!.Signal(signal);
        over(null);
    }

    public void Pause(Action<SuiteException?> over)
    {
        _cgroup!.Freeze();
        over(null);
    }

    public void Resume(Action<SuiteException?> over)
    {
        _cgroup!.Thaw();
        over(null);
    }

    public void Update(CgroupLimits limits, ReadOnlySpan<byte> resources, Action<SuiteException?> over)
    {
        _cgroup!.Limit(limits);
        over(null);
    }

    // Without a pid namespace of its own the rest of the container outlives its first process; the container does not.
    public void EndRest(Action over)
    {
        _cgroup!.Kill();
        Pid = 0;
        over();
    }

    public void Kill()
    {
        _cgroup!.Kill();
        SignalFirst(SIGKILL);
        if (Pid > 0)
            pod.Reaper.WaitFor(Pid);
        _starting?.ReadAll();
    }

    public void Remove()
    {
        pod.RemoveOutside(_outside);
        RunHooks(_hooks.Stopped, "stopped");
        (_hooks, _outside) = (RuntimeHooks.None, OutsideWork.None);
    }

    private void Begun(InitReport? failure)
    {
        _starting = null;
        if (failure is not null)
        {
            pod.Reaper.WaitFor(Pid);
            Pid = 0;
            if (_lent >= 0)
                pod.TakeDevicesBack(_outside.Devices, _lent);
            pod.RemoveOutside(_outside);
        }
        else
            RunHooks(_hooks.Started, "running");
        Descriptor.Close(_lent);
        _lent = -1;
        container.Begun(failure);
    }

    private void Ended(int code)
    {
        _starting?.ReadAll();
        container.Ended(code);
    }

    // 0 would be everyone in the group of the shim (kill(2)).
    private void SignalFirst(int signal)
    {
        if (Pid > 0)
            _ = kill(Pid, signal);
    }

    // A child does it, as this thread waits for nothing; who asks is told by the child, or sees the socket close.
    private void Asked(byte wanted, int answer)
    {
        if (wanted == InitMessages.RootMounted)
            _outside = _outside with { Mounts = _outside.Mounts! with { MountId = OutsideRemains.MountOf(answer) } };
        else if (wanted == InitMessages.DevicesWanted)
        {
            _lent = Descriptor.Open($"/proc/{Pid}/ns/net", O_RDONLY);
            pod.GiveDevices(_outside.Devices, _lent, answer);
        }
        else
            pod.RunHooks(_hooks.Creating, _hooks.State.With("creating", Pid), answer);
        Descriptor.Close(answer);
    }

    // Hooks after the start and the stop change nothing when they fail (runtime.md, Lifecycle); whoever is connected hears of it.
    private void RunHooks(HookList hooks, string status)
    {
        if (hooks.Calls.Count > 0)
            pod.TellOfHooks(container.Id, hooks, _hooks.State.With(status, status == "stopped" ? 0 : Pid));
    }
}
