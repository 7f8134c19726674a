using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Oci.CommandLines;
using Suite.Runtime.Oci.Commands;
using Suite.Runtime.Oci.Consoles;

namespace Suite.Runtime.Oci.Containers;

/// <summary>One more process in a running container.</summary>
internal sealed class Execution
{
    private readonly Container _container;
    private readonly ConsoleChoice _console;
    private readonly ProcessPlan _plan;
    private readonly string _cgroupPath;
    private readonly int _preserved;

    public Execution(StateRoot root, Container container, Process process, Options options, bool detached)
    {
        _container = container;
        _console = new ConsoleChoice(process, options.Value("console-socket"), detached);
        _preserved = CreateOptions.Preserved(options);
        _cgroupPath = container.Record.CgroupPath + SubCgroup(options);
        // Filtered as the container's first process is, whatever process.json says: it has no field for it.
        _plan = ProcessPlan.From(process, new ProcessOptions
        {
            User = ExecCommand.UserToLookUp(options),
            SeccompText = container.SeccompText(),
            FilterCache = root.FilterCache,
            State = container.State(),
            Resctrl = ResctrlPlanner.From(container.Spec().Linux?.IntelRdt, container.Id),
        });
    }

    /// <summary>The master of its terminal, if it stays here; else -1.</summary>
    public int Master => _console.Master;

    /// <summary>Returns when the program runs.</summary>
    /// <returns>Its process id.</returns>
    public int Start()
    {
        var steps = PlanBytes.Of(new CloneRequest(0, null, _cgroupPath, _plan.Terminal) { Outside = _container.Outside() }, _plan.Steps).Steps(out var request);
        ReadOnlySpan<int> inherited = [-1, -1, -1];
        GC.WaitForPendingFinalizers();
        var init = InitProcess.Start(_container.Host, request, steps, inherited, _container.Record.Pid, new InitLeave(_preserved, -1, -1));
        try
        {
            _console.Take(InitListener.Listen(init.Report, gate: false, static _ => { }, static _ => { }));
            return init.Pid;
        }
        catch (SuiteException)
        {
            Children.WaitFor(init.Pid);
            throw;
        }
        finally
        {
            Descriptor.Close(init.Report);
        }
    }

    private static string SubCgroup(Options options)
    {
        if (options.Value("cgroup") is not { Length: > 0 } path || path == "/")
            return "";
        if (path.Contains(':'))
            throw options.Wrong("--cgroup takes one path for every controller, without names of controllers");
        return Names.CheckCgroupPath(path[0] == '/' ? path : $"/{path}", "--cgroup");
    }
}
