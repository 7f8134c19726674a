using System.Globalization;
using System.Text;
using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Processes;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Plans.Steps;
using Suite.Runtime.Oci.Consoles;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Oci.Containers;

/// <summary>Makes a container from a bundle. What was made of one that fails is taken away again.</summary>
internal sealed class Creation
{
    private readonly string _id;
    private readonly CreateOptions _options;
    private readonly Bundle _bundle;
    private readonly Spec _spec;
    private readonly CgroupHost _host = CgroupHost.Detect();

    public Creation(string id, CreateOptions options)
    {
        _id = id;
        _options = options;
        _bundle = Bundle.Read(options.Bundle);
        _spec = WithListenDescriptors(_bundle.Resolve(id));
        Console = new ConsoleChoice(_spec.Process, options.ConsoleSocket, options.Detached);
    }

    public ConsoleChoice Console { get; }

    /// <param name="gate">Stop before the program, for another command to start it; else it runs on return.</param>
    /// <param name="cloned">Done with the pid of the first process while that makes itself ready.</param>
    /// <exception cref="SuiteException">Nothing is left of it.</exception>
    public Container Make(StateRoot root, bool gate, Action<int>? cloned = null)
    {
        var plan = ContainerPlan.From(_spec, new ContainerOptions
        {
            Id = _id,
            Bundle = _bundle.Path,
            AwaitsStart = gate,
            NoPivot = _options.NoPivot,
            FilterCache = root.FilterCache,
            SeccompText = _bundle.Seccomp,
        });
        var folder = root.Make(_id);
        var record = Record();
        using var devices = new LentDevices(plan.Request.Outside.Devices);
        try
        {
            folder.KeepSpec(_bundle.Json);
            // Before anything else is made: whoever finds the folder after a crash knows the cgroup.
            folder.Write(record);
            var init = Start(plan, folder, gate);
            record = record with { Pid = init.Pid, StartTime = ProcessStat.Read(init.Pid)?.StartTime ?? 0 };
            if (!plan.Request.HasSuccessor)
                StarterCgroup.Make(new Cgroup(_host, plan.Request.CgroupPath), plan.Steps.OfType<MakeCgroup>().First(), init.Report);
            cloned?.Invoke(init.Pid);
            folder.Write(record);
            var terminal = InitListener.Listen(
                init.Report,
                gate,
                wanted =>
                {
                    if (wanted == InitMessages.DevicesWanted)
                        devices.Give(init.Pid);
                    else
                        ContainerHooks.Creating(plan.Request.Hooks, init.Pid);
                },
                mount => folder.Write(record = record with { RootMount = mount }));
            Descriptor.Close(init.Report);
            Console.Take(terminal);
            if (_options.PidFile is { } file)
                AtomicFile.Write(Path.GetFullPath(file), Encoding.ASCII.GetBytes(init.Pid.ToString(CultureInfo.InvariantCulture)), 0b110_100_100);
            return new Container(folder, record, _bundle.Spec, _host);
        }
        catch (SuiteException failure)
        {
            var complaint = devices.TakeBack();
            Undo(new Container(folder, record, _bundle.Spec, _host));
            if (complaint is null)
                throw;
            throw new SuiteException(failure.Kind, $"{failure.Message}; {complaint}", failure);
        }
    }

    private InitProcess Start(ContainerPlan plan, StateFolder folder, bool gate)
    {
        var leave = new InitLeave(_options.PreservedDescriptors, gate ? folder.MakeGate() : -1, gate ? folder.MakeComplaint() : -1, CgroupFollows: !plan.Request.HasSuccessor);
        var bytes = PlanBytes.Of(plan.Request, plan.Steps);
        var steps = bytes.Steps(out var request);
        ReadOnlySpan<int> inherited = [-1, -1, -1];
        // The finalizer's thread is through with its own start before anything is cloned.
        GC.WaitForPendingFinalizers();
        try
        {
            return InitProcess.Start(_host, request, steps, inherited, targetPid: 0, leave);
        }
        finally
        {
            Descriptor.Close(leave.Gate);
            Descriptor.Close(leave.Complaint);
        }
    }

    private ContainerRecord Record() => new()
    {
        Id = _id,
        OciVersion = _spec.OciVersion,
        Bundle = _bundle.Path,
        Rootfs = _spec.Root!.Path,
        CgroupPath = _spec.Linux!.CgroupsPath!,
        Created = TimeProvider.System.GetUtcNow(),
        OwnPidNamespace = _spec.Linux.Namespaces?.Any(item => item.Type == NamespaceTypes.Pid && string.IsNullOrEmpty(item.Path)) ?? false,
        Annotations = _spec.Annotations,
    };

    private static void Undo(Container container)
    {
        container.Cgroup.Kill();
        if (container.Record.Pid > 0)
        {
            _ = kill(container.Record.Pid, SIGKILL);
            Children.WaitFor(container.Record.Pid);
        }

        container.Remove();
    }

    private static Spec WithListenDescriptors(Spec spec) =>
        CreateOptions.ListenDescriptors is var count and > 0 && spec.Process is { } process
            ? spec with { Process = process with { Env = [.. process.Env ?? [], $"LISTEN_FDS={count}", "LISTEN_PID=1"] } }
            : spec;
}
