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
        var processPlanner = new ProcessPlanner(process, _options.User, "process.");

        var state = StateText.Of(_spec.OciVersion, _options.Id, _options.Bundle, _spec.Annotations);
        var filter = FilterPlanner.Add(_steps, _linux.Seccomp, "linux.seccomp", _options.FilterCache, state);
        _steps.AddRange(namespaces.Joins);
        _steps.Add(new MakeCgroup(LimitsPlanner.From(_linux.Resources)));
        _steps.Add(new SetPropagation(Propagation()));
        AddRoot();
        MountPlanner.Add(_steps, _spec.Mounts ?? []);
        DevicePlanner.Add(_steps, _linux.Devices ?? [], _spec.Mounts ?? []);
        AddNames(namespaces);
        var hooks = HookPlanner.Runtime(_spec.Hooks, state);
        if (hooks.Creating.Calls.Count > 0)
            _steps.Add(new AskHooks());
        if (HookPlanner.From(_spec.Hooks?.CreateContainer, "createContainer") is { Calls.Count: > 0 } creating)
            _steps.Add(new RunHooks(creating, "creating", state));
        RunHooks? startHooks = null;
        _steps.Add(new PivotRoot(RootPropagation()));
        if (process.Terminal)
            _steps.Add(new OpenTerminal(Console: true));
        AddConfinement();
        if (HookPlanner.From(_spec.Hooks?.StartContainer, "startContainer") is { Calls.Count: > 0 } starting)
            startHooks = new RunHooks(starting, "created", state);
        processPlanner.AddLimits(_steps);
        processPlanner.AddDirectory(_steps);
        if (_spec.Root!.Readonly)
            _steps.Add(new ProtectRoot());
        _steps.Add(new EnterCgroup(namespaces.NewCgroup));
        if (_options.AwaitsStart && startHooks is not null)
            _steps.Add(Gate(process));
        if (startHooks is not null)
            _steps.Add(startHooks);
        SchedulingPlanner.AddPersonality(_steps, _linux.Personality);
        SchedulingPlanner.AddMemoryPolicy(_steps, _linux.MemoryPolicy);
        processPlanner.AddRights(_steps, filter);
        // As late as can be, for what fails before it is told to whoever creates; hooks of the start come after it (runtime.md, Lifecycle).
        if (_options.AwaitsStart && startHooks is null)
            _steps.Insert(_steps.Count - 1, Gate(process));

        var clone = new CloneRequest(namespaces.CloneFlags, namespaces.PidPath, cgroupPath, process.Terminal) { Hooks = hooks };
        return new ContainerPlan(_options.Id, clone, _steps.ToImmutable());
    }

    private static AwaitStart Gate(Process process) => new(process.Args![0], process.Env ?? [], process.Cwd);

    private void AddRoot()
    {
        var path = _spec.Root?.Path ?? "";
        Names.CheckAbsolute(path, "root.path");
        if (_options.Rootfs is not { } rootfs)
        {
            _steps.Add(new BindRoot(path));
            return;
        }

        var settings = MountOptions.Parse(rootfs.Options ?? [], "rootfs", out var bind, out _);
        if (bind)
            _steps.Add(new MountRoot(path, "bind", rootfs.Source ?? "", settings));
        else
            _steps.Add(new MountRoot(path, rootfs.Type ?? throw Invalid("rootfs.type", "is missing"), rootfs.Source ?? rootfs.Type, settings));
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
        if ((flags & MountCalls.MS_SHARED) != 0)
            throw new SuiteException(ErrorKind.Unsupported, "linux.rootfsPropagation: shared is not built yet; use rslave");
        return flags;
    }

    private static SuiteException Invalid(string field, string reason) => new(ErrorKind.InvalidArgument, $"{field}: {reason}");
}
