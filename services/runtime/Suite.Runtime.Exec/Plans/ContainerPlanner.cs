using System.Collections.Immutable;
using Suite.Linux.Errors;
using Suite.Linux.Native;
using Suite.Oci.Runtime;
using Suite.Runtime.Exec.Plans.Steps;

namespace Suite.Runtime.Exec.Plans;

/// <summary>Puts a container's steps in the one order in which they work.</summary>
internal sealed class ContainerPlanner
{
    private readonly Spec _spec;
    private readonly LinuxSpec _linux;
    private readonly ContainerOptions _options;
    private readonly ImmutableArray<Step>.Builder _steps = ImmutableArray.CreateBuilder<Step>();

    public ContainerPlanner(Spec spec, ContainerOptions options)
    {
        _spec = spec;
        _linux = spec.Linux ?? new LinuxSpec();
        _options = options;
    }

    public ContainerPlan Plan()
    {
        Names.CheckId(_options.Id, "id");
        if (!IsVersionOne(_spec.OciVersion))
            throw Invalid("ociVersion", $"\"{_spec.OciVersion}\" is not a version 1 of the specification");
        if (_spec.Root is null)
            throw Invalid("root", "is missing");
        if (_spec.Annotations?.ContainsKey("") == true)
            throw Invalid("annotations", "has an empty key");
        var process = _spec.Process ?? throw Invalid("process", "is missing; a container needs a process to run");
        var cgroupPath = Names.CheckCgroupPath(_linux.CgroupsPath ?? "", "linux.cgroupsPath");
        var namespaces = new NamespacePlanner(_linux.Namespaces ?? []);
        var users = new UserPlanner(_linux, namespaces);
        var rights = new ProcessPlanner(process, _options.User, "process.");
        var state = StateText.Of(_spec.OciVersion, _options.Id, _options.Bundle, _spec.Annotations);
        var hooks = HookPlanner.Runtime(_spec.Hooks, state);
        var mounts = MountPlanner.Plan(_spec.Mounts ?? [], _linux.MountLabel, namespaces.HasUser, _options.PodDirectory, PropagationOf(_linux));
        var outside = Outside(namespaces);

        // With the host's paths and rights.
        rights.AddScore(_steps);
        var filter = FilterPlanner.Add(_steps, _linux.Seccomp, _options.SeccompText, "linux.seccomp", _options.FilterCache, state);
        _steps.AddRange(namespaces.Joins);
        _steps.Add(new MakeCgroup(LimitsPlanner.From(_linux.Resources)));
        if (outside.Resctrl is { } group)
            _steps.Add(new EnterResctrl(group));
        users.AddOpening(_steps);
        if (outside.Mounts is null)
        {
            _steps.Add(new SetPropagation(PropagationOf(_linux)));
            AddRoot(users);
        }

        MountPlanner.AddTrees(_steps, mounts, namespaces.HasUser);
        if (namespaces.HasUser)
        {
            rights.AddScheduling(_steps);
            _steps.Add(new EnterUserNamespace(namespaces.CloneFlags));
        }

        // With the paths of the mount namespace that is joined, which may belong to the user namespace. In the runtime's own the root is
        // mounted for all to see, as was asked for.
        if (outside.Mounts is { } joined)
        {
            if (joined.Namespace.Length > 0)
                _steps.Add(new JoinMounts(joined.Namespace, joined.Root));
            AddRoot(users);
        }

        // With the host's paths.
        if (outside.Devices.Count > 0)
            _steps.Add(new AskDevices());
        users.Check(mounts);
        _steps.AddRange(mounts);
        DevicePlanner.Add(_steps, _linux.Devices ?? [], _spec.Mounts ?? []);
        AddNames(namespaces);
        if (hooks.Creating.Calls.Count > 0)
            _steps.Add(new AskHooks());
        AddHooks(_spec.Hooks?.CreateContainer, "createContainer", "creating", state);

        // With the container's paths.
        // What is to be masked is bound from elsewhere, which unbindable mounts do not allow: they become so when all is bound.
        var propagation = RootPropagationOf(_linux);
        var unbindable = (propagation & MountCalls.MS_UNBINDABLE) != 0;
        _steps.Add(Arrival(outside, unbindable ? 0 : propagation));
        if (process.Terminal)
            _steps.Add(new OpenTerminal(Console: true));
        AddConfinement();
        if (unbindable)
            _steps.Add(new SetPropagation(propagation));
        if (!namespaces.HasUser)
            rights.AddScheduling(_steps);
        rights.AddLimits(_steps);
        rights.AddDirectory(_steps);
        if (_spec.Root!.Readonly)
            _steps.Add(new ProtectRoot());
        _steps.Add(new EnterCgroup(namespaces.NewCgroup));
        var startHooks = _steps.Count;
        AddHooks(_spec.Hooks?.StartContainer, "startContainer", "created", state);
        var hooksAtStart = _steps.Count > startHooks;
        SchedulingPlanner.AddPersonality(_steps, _linux.Personality);
        SchedulingPlanner.AddMemoryPolicy(_steps, _linux.MemoryPolicy);
        rights.AddRights(_steps, filter);
        // As late as can be, for what fails before it is told to whoever creates; hooks of the start come after it (runtime.md, Lifecycle).
        if (_options.AwaitsStart)
            _steps.Insert(hooksAtStart ? startHooks : _steps.Count - 1, new AwaitStart(process.Args![0], process.Env ?? [], process.Cwd));

        var flags = namespaces.HasUser ? 0 : namespaces.CloneFlags;
        var clone = new CloneRequest(flags, namespaces.PidPath, cgroupPath, process.Terminal)
        {
            HasSuccessor = namespaces.HasUser,
            MountsDevices = _steps.Any(MountsDevice),
            Hooks = hooks,
            Outside = outside,
        };
        return new ContainerPlan(_options.Id, clone, _steps.ToImmutable());
    }

    private Step Arrival(OutsideWork outside, uint propagation) =>
        outside.Mounts is not null ? new ChangeRoot(propagation) : _options.NoPivot ? new MoveRoot(propagation) : new PivotRoot(propagation);

    private OutsideWork Outside(NamespacePlanner namespaces)
    {
        var joined = namespaces.MountPath is { } path ? new JoinedMounts(path, _spec.Root!.Path) : null;
        return new OutsideWork(DeviceMovePlanner.From(_linux.NetDevices, namespaces), joined, ResctrlPlanner.From(_linux.IntelRdt, _options.Id));
    }

    private static bool MountsDevice(Step step) => step switch
    {
        MountRoot { Type: not "bind" } root => root.Source.StartsWith("/dev/", StringComparison.Ordinal),
        MountFilesystem mount => mount.Source.StartsWith("/dev/", StringComparison.Ordinal),
        _ => false,
    };

    private void AddHooks(IReadOnlyList<Hook>? hooks, string point, string status, StateText state)
    {
        if (HookPlanner.From(hooks, point) is { Calls.Count: > 0 } calls)
            _steps.Add(new RunHooks(calls, status, state));
    }

    private void AddRoot(UserPlanner users)
    {
        var path = _spec.Root?.Path ?? "";
        Names.CheckAbsolute(path, "root.path");
        if (_options.Rootfs is not { } rootfs)
        {
            _steps.Add(new BindRoot(path));
            return;
        }

        var mount = RootPlanner.Plan(rootfs, path);
        users.Check(mount.Settings.Ids, "rootfs");
        _steps.Add(mount);
    }

    private void AddNames(NamespacePlanner namespaces)
    {
        if (_spec.Hostname is { Length: > 0 } hostname)
        {
            namespaces.Require(NamespaceTypes.Uts, "hostname");
            _steps.Add(new SetHostname(Names.CheckHostname(hostname, "hostname")));
        }

        if (_spec.Domainname is { Length: > 0 } domainname)
        {
            namespaces.Require(NamespaceTypes.Uts, "domainname");
            _steps.Add(new SetDomainname(Names.CheckHostname(domainname, "domainname")));
        }

        foreach (var (name, value) in (_linux.Sysctl ?? ImmutableDictionary<string, string>.Empty).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var field = $"linux.sysctl[{name}]";
            namespaces.Require(Sysctls.NamespaceOf(name, field), field);
            _steps.Add(new SetSysctl(name, Sysctls.CheckValue(value, field)));
        }
    }

    private void AddConfinement()
    {
        for (var i = 0; i < (_linux.MaskedPaths?.Count ?? 0); i++)
            _steps.Add(new MaskPath(Names.CheckAbsolute(_linux.MaskedPaths![i], $"linux.maskedPaths[{i}]")));
        for (var i = 0; i < (_linux.ReadonlyPaths?.Count ?? 0); i++)
            _steps.Add(new ProtectPath(Names.CheckAbsolute(_linux.ReadonlyPaths![i], $"linux.readonlyPaths[{i}]")));
    }

    // Semantic versioning: three numbers, and what follows a dash or a plus.
    private static bool IsVersionOne(string version)
    {
        var end = version.IndexOfAny(['-', '+']);
        var numbers = (end < 0 ? version : version[..end]).Split('.');
        return numbers.Length == 3 && numbers[0] == "1" && numbers.All(number => number.Length > 0 && number.All(char.IsAsciiDigit));
    }

    // A copy of the host's mounts that stayed shared would carry the container's mounts back to it, so slave is the least.
    internal static uint PropagationOf(LinuxSpec linux) => RootPropagationOf(linux) is var flags && (flags & MountCalls.MS_PRIVATE) != 0 ? flags | MountCalls.MS_REC : MountCalls.MS_SLAVE | MountCalls.MS_REC;

    private static uint RootPropagationOf(LinuxSpec linux)
    {
        if (linux.RootfsPropagation is not { Length: > 0 } name)
            return 0;

        var flags = MountOptions.Propagation(name);
        if (flags == 0)
            throw Invalid("linux.rootfsPropagation", $"\"{name}\" is none of shared, slave, private, unbindable, with r before it or without");
        return flags;
    }

    private static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"{field}: {reason}");
}
