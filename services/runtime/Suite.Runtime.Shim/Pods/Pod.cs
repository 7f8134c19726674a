using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Clients;
using Suite.Runtime.Shim.Loops;

namespace Suite.Runtime.Shim.Pods;

/// <summary>The one pod of this shim: its containers, and those who are connected.</summary>
internal sealed class Pod
{
    private readonly List<Client> _clients = [];
    private readonly List<Container> _containers = [];
    private readonly AnnouncedContainers _announced;
    private readonly HostNamespaces _hostNamespaces = new();
    private PodProcess? _process;
    private PodPlan? _plan;
    private Listener? _listener;
    private bool _awaitsNetwork;

    public Pod(EventLoop loop, ChildReaper reaper)
    {
        Loop = loop;
        Reaper = reaper;
        _announced = new AnnouncedContainers(reaper);
        loop.Add(_announced);
    }

    public EventLoop Loop { get; }

    public ChildReaper Reaper { get; }

    public CgroupHost Cgroups { get; private set; } = new([]);

    public PodPlan Plan => _plan ?? throw new SuiteException(ErrorKind.FailedPrecondition, "ask the shim: it has no pod yet");

    public void Accept(Client client) => _clients.Add(client);

    /// <returns>False if it was forgotten before.</returns>
    public bool Forget(Client client)
    {
        if (!_clients.Remove(client))
            return false;
        // A spare shim whose launcher is gone has no purpose.
        if (_plan is null && _clients.Count == 0)
            Loop.Stopped = true;
        return true;
    }

    public void Start(PodPlan plan)
    {
        if (_plan is not null)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"start the pod {plan.Id}: this shim has the pod {_plan.Id} already");

        InitProcess.HostMounts = _hostNamespaces.Mounts;
        Cgroups = CgroupHost.Detect();
        var cgroup = new Cgroup(Cgroups, plan.CgroupPath);
        try
        {
            cgroup.Make();
            PodNamespaces.Make(plan);
            _process = plan.SharedPids ? PodProcess.Start(plan, Reaper) : null;
            Descriptor.TryUnlink(plan.SocketPath);
            _listener = new Listener(Loop, this, plan.SocketPath);
            _plan = plan;
            _awaitsNetwork = plan.NetworkFollows;
        }
        catch (SuiteException)
        {
            _process?.End();
            PodNamespaces.RemoveDirectories(plan);
            cgroup.Remove();
            Loop.Stopped = true;
            throw;
        }
    }

    public void JoinNetwork(ReadOnlySpan<int> descriptors)
    {
        if (!_awaitsNetwork || descriptors.IsEmpty)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"join the network of the pod {Plan.Id}: it waits for none");
        PodNamespaces.JoinNetwork(Plan, descriptors[0]);
        _awaitsNetwork = false;
    }

    /// <param name="head">What an init can do already; null: nothing.</param>
    public void Announce(string id, string cgroupPath, CgroupLimits limits, CloneRequest? head, WireReader steps)
    {
        // Another runtime makes its cgroups itself, and some refuse those that are there.
        if (TryFind(id) is null && Plan.Runtime is null)
            _announced.Make(id, Cgroups, new Cgroup(Cgroups, cgroupPath), limits, Plan.CgroupPath, _awaitsNetwork ? null : head, steps);
    }

    public (ReadyCgroup? Ready, WaitingInit? Init) TakeAnnounced(string id, string cgroupPath) => _announced.Take(id, cgroupPath);

    public void Create(string id, ContainerStreams streams)
    {
        // Cloned now it would be in the host's network.
        if (_awaitsNetwork)
            throw new SuiteException(ErrorKind.FailedPrecondition, $"create the container {id}: the network of the pod {Plan.Id} is not there yet");
        if (TryFind(id) is { } existing)
        {
            if (existing.IsBusy)
                throw new SuiteException(ErrorKind.AlreadyExists, $"create the container {id}: the pod {Plan.Id} has it already, and it runs");
            // Left by a start that a crash of the runtime cut off.
            Delete(id);
        }

        _containers.Add(new Container(this, id, streams));
    }

    public Container Find(string id) =>
        TryFind(id) ?? throw new SuiteException(ErrorKind.NotFound, $"find the container {id}: the pod {Plan.Id} does not have it");

    public Container? TryFind(string id) => _containers.Find(container => container.Id == id);

    public void Delete(string id)
    {
        if (TryFind(id) is { } container)
        {
            container.Remove();
            _containers.Remove(container);
        }

        _announced.Remove(id);
    }

    public void Tell(ShimEvent happened)
    {
        // A client that fails to take it is removed from the list.
        for (var i = _clients.Count - 1; i >= 0; i--)
            _clients[i].Tell(happened);
    }

    /// <summary>In the host's namespaces, where those who wrote the hooks expect to be. The child is reaped as any other.</summary>
    public void RunHooks(HookList hooks, string state, int answer) => Outside(() => HookRunner.Run(hooks, state), answer);

    /// <summary>As <see cref="RunHooks"/>, every one of them whatever becomes of the others. What fails is told to those who are connected.</summary>
    public void TellOfHooks(string container, HookList hooks, string state) =>
        OutsideAnswer.Await(Loop, answer => Outside(() => HookRunner.RunAll(hooks, state), answer), reason => Tell(new HooksFailed(container, reason)));

    public void GiveDevices(IReadOnlyList<DeviceMove> devices, int network, int answer) => Outside(() => NetworkDevices.Give(devices, network), answer, network);

    public void TakeDevicesBack(IReadOnlyList<DeviceMove> devices, int network) => Outside(() => _ = NetworkDevices.TakeBack(devices, network), -1, network);

    public void RemoveOutside(OutsideWork outside) => _ = OutsideRemains.Remove(outside, _hostNamespaces.Descriptors);

    private void Outside(Action work, int answer, int kept = -1) => _ = OutsideProcess.Start(work, answer, _hostNamespaces.Descriptors, kept);

    public ShimState State() =>
        new(Plan.Id, Environment.ProcessId, _containers.ConvertAll(container => container.Snapshot()));

    /// <summary>After the last answer.</summary>
    public void Dismiss() => _clients.ForEach(client => client.End());

    public void Shutdown()
    {
        foreach (var container in _containers)
        {
            container.Kill();
            container.Remove();
        }

        _containers.Clear();
        _announced.RemoveAll();
        if (_plan is { } plan)
        {
            _listener?.Close();
            _process?.End();
            PodNamespaces.RemoveDirectories(plan);
            _ = Descriptor.TryRemoveDirectory(BundlePlaces.FolderOf(plan.Directory));
            new Cgroup(Cgroups, plan.CgroupPath).Remove();
            if (plan.Runtime is not null)
                new Cgroup(Cgroups, plan.CgroupPath).RemoveNamed();
        }

        Loop.Stopped = true;
    }
}
