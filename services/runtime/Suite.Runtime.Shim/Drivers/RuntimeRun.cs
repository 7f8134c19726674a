using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Pods;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Drivers;

/// <summary>One command of another runtime, from its preparation to its end. It dies with the shim.</summary>
internal sealed unsafe class RuntimeRun
{
    // Only where nothing else can be waited for: a pod that is being ended.
    private const int PatienceMilliseconds = 10_000;

    private readonly Pod _pod;
    private readonly string _command;
    private readonly string _log;
    private readonly int _pid;
    private readonly PendingStart _starting;
    private Action<InitReport?>? _over;

    private RuntimeRun(Pod pod, string command, InitProcess init, string log, Action<InitReport?> over)
    {
        _pod = pod;
        _command = command;
        _log = log;
        _pid = init.Pid;
        _over = over;
        _starting = new PendingStart(pod.Loop, init, Descriptor.Close, (_, answer) => Descriptor.Close(answer), Executed);
        // What it leaves to us may end before it does.
        pod.Reaper.Hold();
        pod.Reaper.Expect(init.Pid, Ended);
    }

    /// <param name="over">Called once, later: null when the command ended with 0.</param>
    public static RuntimeRun Start(
        Pod pod, string command, CloneRequest request, WireReader steps, ReadOnlySpan<int> streams, string log, Action<InitReport?> over) =>
        new(pod, command, InitProcess.Start(pod.Cgroups, request, steps, streams, targetPid: 0), log, over);

    /// <inheritdoc cref="Start(Pod, string, CloneRequest, WireReader, ReadOnlySpan{int}, string, Action{InitReport?})"/>
    public static RuntimeRun Start(Pod pod, string command, Execute line, string log, Action<InitReport?> over) => new(pod, command, Clone(pod, line), log, over);

    /// <summary>Waits for it here.</summary>
    /// <exception cref="SuiteException">It failed, or took too long and was killed.</exception>
    public static void Finish(Pod pod, string command, Execute line, string log)
    {
        var init = Clone(pod, line);
        var process = ProcessDescriptors.Open(init.Pid);
        var ended = new pollfd { fd = process, events = POLLIN };
        var inTime = poll(&ended, 1, PatienceMilliseconds) != 0;
        if (!inTime)
            _ = kill(init.Pid, SIGKILL);
        int status;
        while (Wait.waitpid(init.Pid, &status, Wait.__WALL) < 0 && errno == ErrnoNames.EINTR)
        {
        }

        Descriptor.Close(process);
        Descriptor.Close(init.Report);
        InitReport? failure = status == 0 ? null : RuntimeLog.Read(command, Wait.ExitCode(status), log);
        Descriptor.TryUnlink(log);
        if (!inTime)
            throw new SuiteException(ErrorKind.DeadlineExceeded, $"{line.Arguments[0]} {command} took more than {PatienceMilliseconds / 1000} s and was killed");
        if (failure is { } report)
            throw new SuiteException(report.Kind, report.Message);
    }

    /// <summary>Kills it. Nobody is told.</summary>
    public void Abort()
    {
        if (_over is null)
            return;
        _over = null;
        _ = kill(_pid, SIGKILL);
        _pod.Reaper.WaitFor(_pid);
        _starting.ReadAll();
        Close();
    }

    private static InitProcess Clone(Pod pod, Execute line)
    {
        var plan = new WireWriter();
        var request = new CloneRequest(0, null, "/", Terminal: false) { Bundle = new BundleFiles("", "", "", null) };
        PlanCodec.Write(plan, request, [line]);
        var reader = new WireReader(plan.Written);
        return InitProcess.Start(pod.Cgroups, PlanCodec.ReadClone(ref reader), reader, [], targetPid: 0);
    }

    // What is prepared before the program, or the program itself, is wrong.
    private void Executed(InitReport? failure)
    {
        if (failure is not { } report || _over is null)
            return;
        _pod.Reaper.WaitFor(_pid);
        // A runtime that is missing is not a command of the container's.
        Tell(report.ExitCode is 126 or 127 ? new InitReport(ErrorKind.FailedPrecondition, 128, report.Message) : report);
    }

    private void Ended(int code)
    {
        _starting.ReadAll();
        Tell(code == 0 ? null : RuntimeLog.Read(_command, code, _log));
    }

    private void Tell(InitReport? failure)
    {
        var over = _over;
        _over = null;
        if (over is null)
            return;
        try
        {
            over(failure);
        }
        finally
        {
            Close();
        }
    }

    private void Close()
    {
        Descriptor.TryUnlink(_log);
        _pod.Reaper.LetGo();
    }
}
