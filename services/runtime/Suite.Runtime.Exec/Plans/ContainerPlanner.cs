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
        SpecSupport.Check(_spec, _linux);
        var process = _spec.Process ?? throw Invalid("process", "is missing; a container needs a process to run");
        var cgroupPath = Names.CheckCgroupPath(_linux.CgroupsPath ?? "", "linux.cgroupsPath");
        var namespaces = new NamespacePlanner(_linux.Namespaces ?? []);
        var users = new UserPlanner(_linux, namespaces);
        var rights = new ProcessPlanner(process, _options.User, "process.");
        var state = StateText.Of(_spec.OciVersion, _options.Id, _options.Bundle, _spec.Annotations);
        var hooks = HookPlanner.Runtime(_spec.Hooks, state);
        var mounts = MountPlanner.Plan(_spec.Mounts ?? []);

        // With the host's paths and rights.
        rights.AddScore(_steps);
        var filter = FilterPlanner.Add(_steps, _linux.Seccomp, "linux.seccomp", _options.FilterCache, state);
        _steps.AddRange(namespaces.Joins);
        _steps.Add(new MakeCgroup(LimitsPlanner.From(_linux.Resources)));
        users.AddOpening(_steps);
        _steps.Add(new SetPropagation(Propagation()));
        AddRoot(users);
        if (namespaces.HasUser)
        {
            MountPlanner.AddTrees(_steps, mounts);
            rights.AddScheduling(_steps);
            _steps.Add(new EnterUserNamespace(namespaces.CloneFlags));
        }

        // With the host's paths.
        users.Check(mounts);
        _steps.AddRange(mounts);
        DevicePlanner.Add(_steps, _linux.Devices ?? [], _spec.Mounts ?? []);
        AddNames(namespaces);
        if (hooks.Creating.Calls.Count > 0)
            _steps.Add(new AskHooks());
        AddHooks(_spec.Hooks?.CreateContainer, "createContainer", "creating", state);

        // With the container's paths.
        _steps.Add(new PivotRoot(RootPropagation()));
        if (process.Terminal)
            _steps.Add(new OpenTerminal(Console: true));
        AddConfinement();
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
        var clone = new CloneRequest(flags, namespaces.PidPath, cgroupPath, process.Terminal) { HasSuccessor = namespaces.HasUser, Hooks = hooks };
        return new ContainerPlan(_options.Id, clone, _steps.ToImmutable());
    }

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
        foreach (var path in _linux.MaskedPaths ?? [])
            _steps.Add(new MaskPath(Names.CheckAbsolute(path, "linux.maskedPaths")));
        foreach (var path in _linux.ReadonlyPaths ?? [])
            _steps.Add(new ProtectPath(Names.CheckAbsolute(path, "linux.readonlyPaths")));
    }

    // A copy of the host's mounts that stayed shared would carry the container's mounts back to it, so slave is the least.
    private uint Propagation() => RootPropagation() is var flags && (flags & MountCalls.MS_PRIVATE) != 0 ? flags | MountCalls.MS_REC : MountCalls.MS_SLAVE | MountCalls.MS_REC;

    private uint RootPropagation()
    {
        if (_linux.RootfsPropagation is not { Length: > 0 } name)
            return 0;

        var flags = MountOptions.Propagation(name);
        if (flags == 0)
            throw Invalid("linux.rootfsPropagation", $"\"{name}\" is none of shared, slave, private, unbindable, with r before it or without");
        return flags;
    }

    private static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"{field}: {reason}");
}
