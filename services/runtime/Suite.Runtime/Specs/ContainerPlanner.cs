using Suite.Linux.Cgroups;
using Suite.Linux.Errors;
using Suite.Oci.Runtime;
using Suite.Runtime.CdiDevices;
using Suite.Runtime.Containers;
using Suite.Runtime.Exec.Bundles;
using Suite.Runtime.Exec.Plans;
using Suite.Runtime.Pods;
using Suite.Runtime.Users;

namespace Suite.Runtime.Specs;

/// <summary>Asks the host and the image what a container's plan depends on, and has it built.</summary>
internal sealed class ContainerPlanner(ImageAccounts accounts, PodPlaces places, CdiFolders cdi, CgroupHost host, PlannedStarts planned)
{
    // As the image service's driver has it, of which there is one.
    private volatile bool _rootsAreDevices;

    /// <summary>The container's config.json.</summary>
    public Spec SpecOf(ContainerRecord container, Pod pod) => Specify(container, pod, targetPid: null).Spec;

    /// <summary>What the plan will set, unless a CDI device adds to it. What is wrong with it is for <see cref="Prove"/> to say: none then.</summary>
    public CgroupLimits TryLimitsOf(ContainerConfig config)
    {
        try
        {
            var privileged = config.Security.Privileged;
            return LimitsPlanner.From(Tolerant(ResourceLimits.Of(config.Resources, privileged, privileged ? [] : HostDevices.Resolve(config))));
        }
        catch (Exception failure) when (failure is SuiteException or IOException or UnauthorizedAccessException)
        {
            return CgroupLimits.None;
        }
    }

    /// <summary>What its init can do before the image service has answered, or nothing, as with <see cref="TryLimitsOf"/>.</summary>
    public ContainerPlan? TryHeadStartOf(ContainerRecord container, Pod pod)
    {
        // What a CDI device or an image brings is mounted too, and not known yet. A device is mounted from outside of the cgroup.
        if (_rootsAreDevices || container.Config.CdiDevices.Count > 0 || container.Config.Mounts.Any(mount => mount.Image is not null))
            return null;
        try
        {
            return ContainerPlan.HeadStart(SpecBuilder.BuildAhead(InputsOf(container, pod, targetPid: null)), OptionsOf(container, pod));
        }
        catch (Exception failure) when (failure is SuiteException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Throws what is wrong with a container that is being made. Its start will find the plan.</summary>
    /// <param name="container">As it will be recorded.</param>
    /// <returns>As whom its process will run.</returns>
    public ContainerUser Prove(ContainerRecord container, Pod pod)
    {
        AppArmorProfiles.Check(container.Config.Security);
        var (plan, user) = Plan(container, pod, targetPid: null);
        planned.Keep(container, pod, plan, user);
        return user;
    }

    /// <summary>What the exec driver will do, and as whom the process runs.</summary>
    public (ContainerPlan Plan, ContainerUser User) PlanStart(ContainerRecord container, Pod pod, int? targetPid) =>
        targetPid is null && planned.Take(container, pod) is { } proved ? proved : Plan(container, pod, targetPid);

    private (ContainerPlan Plan, ContainerUser User) Plan(ContainerRecord container, Pod pod, int? targetPid)
    {
        var (spec, user) = Specify(container, pod, targetPid);
        var rootfs = container.Rootfs[0];
        var options = OptionsOf(container, pod) with
        {
            Rootfs = new Mount { Type = rootfs.Type, Source = rootfs.Source, Options = pod.Config.Users is null ? rootfs.Options : [.. rootfs.Options, "idmap"] },
            FilterCache = places.FiltersDirectory,
        };
        // Of another runtime's container too: what is wrong with a field is found here, and named as everywhere.
        var plan = ContainerPlan.From(spec, options);
        _rootsAreDevices = plan.MountsDevices;
        return (pod.Runtime is null ? plan : BundlePlanner.PlanContainer(spec with { Process = HostCapabilities.Cut(spec.Process!) }, options, places.PlanOf(pod)), user);
    }

    private (Spec Spec, ContainerUser User) Specify(ContainerRecord container, Pod pod, int? targetPid)
    {
        var user = UserOf(container, container.Config.Security.User);
        var spec = SpecBuilder.Build(InputsOf(container, pod, targetPid) with { User = user });
        var linux = spec.Linux! with { Resources = Tolerant(spec.Linux.Resources!) };
        return (CdiChanges.Apply(spec with { Linux = linux }, cdi.EditsOf(container.Config.CdiDevices)), user.Ids);
    }

    /// <summary>A further process: the container's own environment and rights, another command.</summary>
    public ProcessPlan PlanProcess(ContainerRecord container, Pod pod, ProcessRequest request, string execId)
    {
        var config = container.Config with
        {
            Environment = [.. pod.LinkedVariables, .. container.Config.Environment, .. request.Environment],
            Tty = request.Tty,
            Security = request.Privileged ? container.Config.Security with { Privileged = true } : container.Config.Security,
        };
        var user = UserOf(container, request.User.Length > 0 ? request.User : config.Security.User);
        var directory = request.WorkingDirectory.Length > 0 ? request.WorkingDirectory
            : config.WorkingDirectory.Length > 0 ? config.WorkingDirectory
            : container.Image.Defaults.WorkingDirectory;
        var process = new Process
        {
            Terminal = request.Tty,
            User = new User { Uid = user.Ids.Uid, Gid = user.Ids.Gid, AdditionalGids = user.Ids.Groups },
            Args = request.Command,
            Env = CommandLine.Environment(config, container.Image.Defaults, pod.Config.Hostname, user.Home),
            Cwd = Path.Combine("/", directory),
            Capabilities = SpecBuilder.ToSets(config.Security),
            NoNewPrivileges = config.Security.NoNewPrivileges,
            ApparmorProfile = Confinement.AppArmorOf(config.Security),
            SelinuxLabel = Confinement.SelinuxLabelOf(config.Security),
        };
        return pod.Runtime is null
            ? ProcessPlan.From(process, new ProcessOptions { Seccomp = Confinement.SeccompOf(config.Security), FilterCache = places.FiltersDirectory })
            : BundlePlanner.PlanProcess(HostCapabilities.Cut(process), container.Id, execId, places.PlanOf(pod));
    }

    private SpecInputs InputsOf(ContainerRecord container, Pod pod, int? targetPid) => new()
    {
        Container = container,
        Pod = pod,
        PodPlan = places.PlanOf(pod),
        Devices = HostDevices.Resolve(container.Config),
        CgroupPath = places.CgroupOf(pod, container.Id),
        TargetPid = targetPid,
    };

    private ContainerOptions OptionsOf(ContainerRecord container, Pod pod) => new() { Id = container.Id, PodDirectory = places.DirectoryOf(pod.Id) };

    private LinuxResources Tolerant(LinuxResources resources) => ResourceLimits.Tolerant(resources, host.Find("hugetlb") is not null);

    private ResolvedUser UserOf(ContainerRecord container, string asked) => UserResolution.Resolve(
        asked.Length > 0 ? asked : container.Image.Defaults.User, container.Config.Security, accounts.Of(container));
}

/// <summary>What a caller of exec asks for.</summary>
internal sealed record ProcessRequest(IReadOnlyList<string> Command)
{
    public IReadOnlyList<string> Environment { get; init; } = [];

    public string WorkingDirectory { get; init; } = "";

    public string User { get; init; } = "";

    public bool Tty { get; init; }

    public bool Privileged { get; init; }
}
