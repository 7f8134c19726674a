using System.Globalization;
using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Pods;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Drivers;

/// <summary>
/// Has another OCI runtime make the container: create, start, and delete once the first process has ended, so that the runtime
/// knows of containers that run and of no others. Their processes come to the shim, which is the subreaper above the runtime.
/// </summary>
internal sealed class RuntimeDriver(Pod pod, Container container, OciRuntime runtime) : IContainerDriver
{
    private readonly RuntimeCommands _commands = new(runtime);
    private readonly BundlePlaces _places = new(pod.Plan.Directory, container.Id);
    private RuntimeRun? _run;
    private Cgroup? _cgroup;
    private Action? _cleared;
    private int? _early;
    private int _number;
    private bool _begun;

    // The runtime may know of it.
    private bool _made;

    public int Pid { get; private set; }

    public void Start(MappedPlan plan, Cgroup cgroup, ContainerOutput output)
    {
        var files = plan.Request.Bundle ?? throw new SuiteException(ErrorKind.InvalidArgument, $"start the container {container.Id}: its plan is not for another runtime, as its pod is");
        _cgroup = cgroup;
        _begun = false;
        _early = null;
        var console = ConsoleListener.Open(pod.Loop, files.Console, output.OpenTerminal);
        try
        {
            _run = RuntimeRun.Start(pod, "create", plan.Request, plan.Steps, output.Open(), files.Log, failure => Created(files, console, failure));
            _made = true;
        }
        catch (SuiteException)
        {
            console?.Close();
            throw;
        }

        output.CloseContainerEnds();
    }

    public void Exec(MappedPlan plan, ReadOnlySpan<int> streams, ExecProcess process)
    {
        var files = plan.Request.Bundle ?? throw new SuiteException(ErrorKind.InvalidArgument, $"run a process in the container {container.Id}: its plan is not for another runtime, as its pod is");
        var console = ConsoleListener.Open(pod.Loop, files.Console, process.OpenTerminal);
        try
        {
            _ = RuntimeRun.Start(pod, "exec", plan.Request, plan.Steps, streams, files.Log, failure =>
            {
                console?.Close();
                var pid = 0;
                failure ??= ReadPid(files.Pid, out pid);
                Forget(files);
                process.Pid = pid;
                process.Begun(failure);
                if (failure is null)
                    pod.Reaper.Expect(pid, process.Ended);
            });
        }
        catch (SuiteException)
        {
            console?.Close();
            throw;
        }
    }

    public void Signal(int signal, bool all, Action<SuiteException?> over)
    {
        if (all && signal != SIGKILL)
        {
            _cgroup!.Signal(signal);
            over(null);
            return;
        }

        Run("kill", log => _commands.Kill(container.Id, signal, log), over);
    }

    public void Pause(Action<SuiteException?> over) => Run("pause", log => _commands.Pause(container.Id, log), over);

    public void Resume(Action<SuiteException?> over) => Run("resume", log => _commands.Resume(container.Id, log), over);

    public void Update(CgroupLimits limits, ReadOnlySpan<byte> resources, Action<SuiteException?> over)
    {
        var file = _places.FilesOf($"update{++_number}", terminal: false).Description;
        BundleFile.Write(file, resources);
        Run("update", log => _commands.Update(container.Id, file, log), failure =>
        {
            Descriptor.TryUnlink(file);
            over(failure);
        });
    }

    public void EndRest(Action over)
    {
        _cgroup!.Kill();
        Pid = 0;
        _cleared = over;
        if (_made)
            Delete(Cleared);
        else
            Cleared();
    }

    public void Kill()
    {
        _run?.Abort();
        _run = null;
        _cgroup?.Kill();
        if (Pid > 0)
        {
            _ = kill(Pid, SIGKILL);
            pod.Reaper.WaitFor(Pid);
            Pid = 0;
        }

        DeleteNow();
        if (!_begun)
            container.Begun(new InitReport(ErrorKind.Unavailable, 128, $"start the container {container.Id}: its pod was ended meanwhile"));
        Cleared();
    }

    public void Remove()
    {
        DeleteNow();
        BundleFile.RemoveFolder(_places);
    }

    private void Created(BundleFiles files, ConsoleListener? console, InitReport? failure)
    {
        console?.Close();
        var pid = 0;
        failure ??= ReadPid(files.Pid, out pid);
        Descriptor.TryUnlink(files.Pid);
        if (failure is { } reason)
        {
            Delete(() => Begun(reason));
            return;
        }

        Pid = pid;
        pod.Reaper.Expect(pid, Ended);
        var log = LogOf("start");
        _run = RuntimeRun.Start(pod, "start", _commands.Start(container.Id, log), log, notStarted =>
        {
            if (notStarted is { } because)
                Delete(() => Begun(because));
            else
                Begun(null);
        });
    }

    private void Begun(InitReport? failure)
    {
        _begun = true;
        if (failure is not null)
            Pid = 0;
        container.Begun(failure);
        if (failure is null && _early is { } code)
            container.Ended(code);
    }

    private void Ended(int code)
    {
        if (_begun)
            container.Ended(code);
        else
            _early = code;
    }

    private void Cleared()
    {
        var cleared = _cleared;
        _cleared = null;
        cleared?.Invoke();
    }

    // When it fails here, the removal of the container tries again, and says why it cannot.
    private void Delete(Action over)
    {
        var log = LogOf("delete");
        _run = RuntimeRun.Start(pod, "delete", _commands.Delete(container.Id, log), log, failure =>
        {
            _run = null;
            _made = failure is not null;
            over();
        });
    }

    private void DeleteNow()
    {
        if (!_made)
            return;
        var log = LogOf("delete");
        RuntimeRun.Finish(pod, "delete", _commands.Delete(container.Id, log), log);
        _made = false;
    }

    private void Run(string command, Func<string, Execute> line, Action<SuiteException?> over)
    {
        var log = LogOf(command);
        _ = RuntimeRun.Start(pod, command, line(log), log, failure => over(failure is { } report ? new SuiteException(report.Kind, report.Message) : null));
    }

    private string LogOf(string command) => _places.FilesOf($"{command}{++_number}", terminal: false).Log;

    private InitReport? ReadPid(string file, out int pid) =>
        int.TryParse(Descriptor.TryReadText(file)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out pid) && pid > 0
            ? null
            : new InitReport(ErrorKind.Internal, 128, $"{runtime.Path} made a process of the container {container.Id} and wrote no number of it to {file}");

    private static void Forget(BundleFiles files)
    {
        Descriptor.TryUnlink(files.Pid);
        Descriptor.TryUnlink(files.Description);
    }
}
