using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Shim.Clients;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>One container: created, running, exited, and perhaps started again.</summary>
internal sealed class Container
{
    private readonly Pod _pod;
    private readonly ContainerOutput _output;
    private readonly List<ExecProcess> _execs = [];
    private Cgroup? _cgroup;
    private PendingStart? _starting;
    private ContainerPhase _phase;
    private DateTimeOffset? _startedAt;
    private ExitStatus? _exit;
    private int _exitCode;
    private int _pid;
    private bool _paused;
    private RuntimeHooks _hooks = RuntimeHooks.None;
    private OutsideWork _outside = OutsideWork.None;
    private int _lent = -1;

    public Container(Pod pod, string id, ContainerStreams streams)
    {
        _pod = pod;
        Id = id;
        _output = new ContainerOutput(pod.Loop, streams, Drained);
    }

    public string Id { get; }

    /// <summary>It runs, or is about to.</summary>
    public bool IsBusy => Running || _starting is not null;

    private bool Running => _phase == ContainerPhase.Running;

    public void Start(MappedPlan plan, StartAnswer answer)
    {
        if (IsBusy)
        {
            plan.Release();
            throw new SuiteException(ErrorKind.FailedPrecondition, $"start the container {Id}: it is running already");
        }

        try
        {
            var reader = plan.Reader;
            var request = PlanCodec.ReadClone(ref reader);
            (_hooks, _outside) = (request.Hooks, request.Outside);
            _cgroup?.Remove();
            _cgroup = new Cgroup(_pod.Cgroups, request.CgroupPath);
            var streams = _output.Open();
            var init = InitProcess.Start(_pod.Cgroups, request, reader, streams, targetPid: 0);
            _output.CloseContainerEnds();
            _pid = init.Pid;
            _pod.Reaper.Expect(init.Pid, Ended);
            _starting = new PendingStart(_pod.Loop, init, _output.OpenTerminal, Asked, failure => Begun(answer, failure));
        }
        catch (SuiteException)
        {
            Undo();
            throw;
        }
        finally
        {
            plan.Release();
        }
    }

    public void Exec(string id, MappedPlan plan, ReadOnlySpan<int> streams, TerminalSize? size, StartAnswer answer)
    {
        try
        {
            NeedRunning($"run a process in the container {Id}");
            // It would be frozen with the rest before it is executed, and nobody would ever be told.
            if (_paused)
                throw new SuiteException(ErrorKind.FailedPrecondition, $"run a process in the container {Id}: it is paused; resume it first");
            if (_execs.Exists(exec => exec.Id == id))
                throw new SuiteException(ErrorKind.AlreadyExists, $"run the process {id} in the container {Id}: it exists already");

            var reader = plan.Reader;
            var request = PlanCodec.ReadClone(ref reader) with { CgroupPath = _cgroup!.Path, Outside = _outside };
            var init = InitProcess.Start(_pod.Cgroups, request, reader, streams, _pid);
            _execs.Add(new ExecProcess(_pod, this, id, init, size, answer));
        }
        finally
        {
            plan.Release();
        }
    }

    public void Signal(int signal, bool all)
    {
        NeedRunning($"signal the container {Id}");
        if (!all)
            _ = kill(_pid, signal);
        else if (signal == SIGKILL)
            _cgroup!.Kill();
        else
            _cgroup!.Signal(signal);
    }

    public void SignalExec(string id, int signal)
    {
        var exec = _execs.Find(e => e.Id == id)
            ?? throw new SuiteException(ErrorKind.NotFound, $"signal the process {id}: the container {Id} does not have it");
        exec.Signal(signal);
    }

    public void DeleteExec(string id) => _execs.RemoveAll(exec => exec.Id == id && exec.Exit is not null);

    public void Attach(bool input, ReadOnlySpan<int> descriptors)
    {
        if (_phase == ContainerPhase.Exited)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"attach to the container {Id}: it has exited");
        _output.Attach(input, descriptors);
    }

    public void CloseInput() => _output.CloseInput();

    public void ReopenLog() => _output.ReopenLog();

    public void Resize(TerminalSize? size) => _output.Resize(size);

    public CgroupUsage Usage()
    {
        NeedRunning($"read the usage of the container {Id}");
        return CgroupUsage.Read(_pod.Cgroups, _cgroup!.Path);
    }

    public void Pause()
    {
        NeedRunning($"pause the container {Id}");
        _cgroup!.Freeze();
        _paused = true;
    }

    public void Resume()
    {
        NeedRunning($"resume the container {Id}");
        _cgroup!.Thaw();
        _paused = false;
    }

    public void Update(CgroupLimits limits)
    {
        NeedRunning($"change the limits of the container {Id}");
        _cgroup!.Limit(limits);
    }

    public IReadOnlyList<int> Processes()
    {
        NeedRunning($"list the processes of the container {Id}");
        return [.. _cgroup!.Processes()];
    }

    public ContainerSnapshot Snapshot() =>
        new(Id, _phase, Running ? _pid : 0, _startedAt, _exit, _execs.ConvertAll(exec => exec.Snapshot())) { Paused = Running && _paused };

    /// <summary>Kills all of it and waits until it is gone and its output is carried.</summary>
    public void Kill()
    {
        if (!IsBusy)
            return;
        _cgroup!.Kill();
        _ = kill(_pid, SIGKILL);
        _pod.Reaper.WaitFor(_pid);
        // A client that does not read must not hold up the end.
        _output.Detach();
        Ended(128 + SIGKILL);
    }

    public void Remove()
    {
        if (IsBusy)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"delete the container {Id}: it is running; stop it first");
        _output.Close();
        _cgroup?.Kill();
        _cgroup?.Remove();
        _pod.RemoveOutside(_outside);
        RunHooks(_hooks.Stopped, "stopped");
        (_hooks, _outside) = (RuntimeHooks.None, OutsideWork.None);
    }

    private void Begun(StartAnswer answer, InitReport? failure)
    {
        _starting = null;
        if (failure is { } report)
        {
            _pod.Reaper.WaitFor(_pid);
            Undo();
            answer.Failed(report);
            return;
        }

        _phase = ContainerPhase.Running;
        _paused = false;
        _exit = null;
        _startedAt = TimeProvider.System.GetUtcNow();
        Descriptor.Close(_lent);
        _lent = -1;
        RunHooks(_hooks.Started, "running");
        answer.Started(_pid, _startedAt.Value);
    }

    // A child does it, as this thread waits for nothing; who asks is told by the child, or sees the socket close.
    private void Asked(byte wanted, int answer)
    {
        if (wanted == InitMessages.RootMounted)
            _outside = _outside with { Mounts = _outside.Mounts! with { MountId = OutsideRemains.MountOf(answer) } };
        else if (wanted == InitMessages.DevicesWanted)
        {
            _lent = Descriptor.Open($"/proc/{_pid}/ns/net", O_RDONLY);
            _pod.GiveDevices(_outside.Devices, _lent, answer);
        }
        else
            _pod.RunHooks(_hooks.Creating, _hooks.State.With("creating", _pid), answer);
        Descriptor.Close(answer);
    }

    // Hooks after the start and the stop change nothing when they fail (runtime.md, Lifecycle); whoever is connected hears of it.
    private void RunHooks(HookList hooks, string status)
    {
        if (hooks.Calls.Count > 0)
            _pod.TellOfHooks(Id, hooks, _hooks.State.With(status, status == "stopped" ? 0 : _pid));
    }

    private void Undo()
    {
        _starting = null;
        _pid = 0;
        _output.Abort();
        _cgroup?.Kill();
        _cgroup?.Remove();
        _cgroup = null;
        if (_lent >= 0)
            _pod.TakeDevicesBack(_outside.Devices, _lent);
        Descriptor.Close(_lent);
        _lent = -1;
        _pod.RemoveOutside(_outside);
    }

    private void Ended(int code)
    {
        // A program that ends at once may be reaped before the end of its report is read.
        _starting?.ReadAll();
        if (!Running)
            return;

        _exitCode = code;
        // Without a pid namespace of its own the rest of the container outlives its first process; the container does not.
        _cgroup!.Kill();
        _output.WriterGone();
    }

    private void Drained()
    {
        _pid = 0;
        _phase = ContainerPhase.Exited;
        _exit = new ExitStatus(_exitCode, TimeProvider.System.GetUtcNow(), _cgroup!.OomKills() > 0);
        _output.Detach();
        _pod.Tell(new ContainerExited(Id, _exit));
    }

    private void NeedRunning(string action)
    {
        if (!Running)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{action}: it is not running");
    }
}
