using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Shim.Clients;
using Suite.Runtime.Shim.Drivers;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>One container: created, running, exited, and perhaps started again.</summary>
internal sealed class Container
{
    private readonly Pod _pod;
    private readonly ContainerOutput _output;
    private readonly IContainerDriver _driver;
    private readonly List<ExecProcess> _execs = [];
    private Cgroup? _cgroup;
    private StartAnswer? _starting;
    private ContainerPhase _phase;
    private DateTimeOffset? _startedAt;
    private ExitStatus? _exit;
    private ContainerEnd? _end;
    private bool _paused;

    public Container(Pod pod, string id, ContainerStreams streams)
    {
        _pod = pod;
        Id = id;
        _output = new ContainerOutput(pod.Loop, streams, () => Ending(end => end with { Drained = true }));
        _driver = pod.Plan.Runtime is { } runtime ? new RuntimeDriver(pod, this, runtime) : new NativeDriver(pod, this);
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
            _cgroup?.Remove();
            _cgroup = new Cgroup(_pod.Cgroups, plan.Request.CgroupPath);
            _driver.Start(plan, _cgroup, _output);
            _starting = answer;
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

    /// <summary>The driver's start is over.</summary>
    public void Begun(InitReport? failure)
    {
        var answer = _starting!.Value;
        _starting = null;
        if (failure is { } report)
        {
            Undo();
            answer.Failed(report);
            return;
        }

        _phase = ContainerPhase.Running;
        _paused = false;
        _exit = null;
        _end = null;
        _startedAt = TimeProvider.System.GetUtcNow();
        answer.Started(_driver.Pid, _startedAt.Value);
    }

    /// <summary>The first process has ended. Of one that never ran, its start tells.</summary>
    public void Ended(int code)
    {
        if (!Running || _end is not null)
            return;
        // Read before the cgroup may go.
        _end = new ContainerEnd(code, _cgroup!.OomKills() > 0);
        _driver.EndRest(() => Ending(end => end with { Cleared = true }));
        _output.WriterGone();
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

            var process = new ExecProcess(_pod, this, id, size, answer);
            _driver.Exec(plan, streams, process);
            _execs.Add(process);
        }
        finally
        {
            plan.Release();
        }
    }

    public void Signal(int signal, bool all, Reply reply)
    {
        NeedRunning($"signal the container {Id}");
        _driver.Signal(signal, all, reply.Settle);
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

    public void Pause(Reply reply)
    {
        NeedRunning($"pause the container {Id}");
        _driver.Pause(failure => Paused(failure is null || _paused, failure, reply));
    }

    public void Resume(Reply reply)
    {
        NeedRunning($"resume the container {Id}");
        _driver.Resume(failure => Paused(failure is not null && _paused, failure, reply));
    }

    public void Update(CgroupLimits limits, ReadOnlySpan<byte> resources, Reply reply)
    {
        NeedRunning($"change the limits of the container {Id}");
        _driver.Update(limits, resources, reply.Settle);
    }

    public IReadOnlyList<int> Processes()
    {
        NeedRunning($"list the processes of the container {Id}");
        return [.. _cgroup!.Processes()];
    }

    public ContainerSnapshot Snapshot() =>
        new(Id, _phase, Running ? _driver.Pid : 0, _startedAt, _exit, _execs.ConvertAll(exec => exec.Snapshot())) { Paused = Running && _paused };

    /// <summary>Kills all of it and waits until it is gone and its output is carried.</summary>
    public void Kill()
    {
        if (!IsBusy)
            return;
        _driver.Kill();
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
        _driver.Remove();
        _cgroup?.Remove();
    }

    private void Undo()
    {
        _output.Abort();
        _cgroup?.Kill();
        _cgroup?.Remove();
        _cgroup = null;
    }

    private void Ending(Func<ContainerEnd, ContainerEnd> change)
    {
        _end = change(_end!);
        if (!_end.IsOver)
            return;
        _phase = ContainerPhase.Exited;
        _exit = new ExitStatus(_end.Code, TimeProvider.System.GetUtcNow(), _end.OomKilled);
        _output.Detach();
        _pod.Tell(new ContainerExited(Id, _exit));
    }

    private void Paused(bool paused, SuiteException? failure, Reply reply)
    {
        _paused = paused;
        reply.Settle(failure);
    }

    private void NeedRunning(string action)
    {
        if (!Running || _end is not null)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"{action}: it is not running");
    }
}

/// <summary>What is known of an end, and what it still waits for: its output to be carried, and its remains to be cleared.</summary>
internal sealed record ContainerEnd(int Code, bool OomKilled)
{
    public bool Drained { get; init; }

    public bool Cleared { get; init; }

    public bool IsOver => Drained && Cleared;
}
