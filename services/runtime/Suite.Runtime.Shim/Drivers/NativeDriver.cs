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

    public int Pid { get; private set; }

    public void Start(CloneRequest request, WireReader steps, Cgroup cgroup, ContainerOutput output)
    {
        _hooks = request.Hooks;
        _cgroup = cgroup;
        var init = InitProcess.Start(pod.Cgroups, request, steps, output.Open(), targetPid: 0);
        output.CloseContainerEnds();
        Pid = init.Pid;
        pod.Reaper.Expect(init.Pid, Ended);
        _starting = new PendingStart(pod.Loop, init, output.OpenTerminal, RunHooks, Begun);
    }

    public void Exec(CloneRequest request, WireReader steps, ReadOnlySpan<int> streams, ExecProcess process)
    {
        var init = InitProcess.Start(pod.Cgroups, request with { CgroupPath = _cgroup!.Path }, steps, streams, Pid);
        process.Pid = init.Pid;
        var starting = new PendingStart(pod.Loop, init, process.OpenTerminal, Descriptor.Close, failure =>
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
        RunHooks(_hooks.Stopped, "stopped", -1);
        _hooks = RuntimeHooks.None;
    }

    private void Begun(InitReport? failure)
    {
        _starting = null;
        if (failure is not null)
        {
            pod.Reaper.WaitFor(Pid);
            Pid = 0;
        }
        else
            RunHooks(_hooks.Started, "running", -1);
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

    private void RunHooks(int answer)
    {
        RunHooks(_hooks.Creating, "creating", answer);
        Descriptor.Close(answer);
    }

    // A child runs them, as this thread waits for nothing. Hooks after the start and the stop change nothing when they fail
    // (runtime.md, Lifecycle); the one that waits for an answer is told by the child, or sees the socket close.
    private void RunHooks(HookList hooks, string status, int answer)
    {
        if (hooks.Calls.Count > 0)
            pod.RunHooks(hooks, _hooks.State.With(status, status == "stopped" ? 0 : Pid), answer);
    }
}
