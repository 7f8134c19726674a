using System.Globalization;
using System.Net;
using Suite.Container.V1;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Restarts;
using Suite.Runtime.Solo;
using HealthCheck = Suite.Runtime.Health.HealthCheck;
using RestartMode = Suite.Runtime.Restarts.RestartMode;
using RestartPolicy = Suite.Runtime.Restarts.RestartPolicy;
using TmpfsMount = Suite.Runtime.Containers.TmpfsMount;
using Ulimit = Suite.Runtime.Containers.Ulimit;

namespace Suite.Runtime.Mapping;

/// <summary>The less common parts of a container's description, into ours and back.</summary>
internal static class SoloOptions
{
    private static readonly string[] LimitNames =
        ["as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"];

    public static RestartPolicy Restart(Container.V1.RestartPolicy? policy, bool autoRemove)
    {
        if (policy is null || policy.Mode == Container.V1.RestartMode.No)
            return RestartPolicy.No;
        if (autoRemove)
            throw Invalid("spec.restart: a container that is removed when it exits cannot be started again");
        if (policy.Retries > 0 && policy.Mode != Container.V1.RestartMode.OnFailure)
            throw Invalid("spec.restart.retries: only on-failure counts them");
        return new RestartPolicy((RestartMode)policy.Mode, policy.Retries);
    }

    /// <summary>0 and empty: not said.</summary>
    public static ContainerResources Limits(Resources resources) => SoloPlan.LimitsOf(new SoloSpec
    {
        Image = "",
        MemoryBytes = resources.MemoryBytes,
        MemorySwapBytes = resources.MemorySwapBytes,
        NanoCpus = resources.NanoCpus,
        PidsLimit = resources.Pids,
        CpuShares = resources.CpuShares,
        CpusetCpus = resources.CpusetCpus,
        CpusetMems = resources.CpusetMems,
    });

    public static TmpfsMount ToDomain(Container.V1.TmpfsMount mount, string field) => Path.IsPathRooted(mount.Target)
        ? new TmpfsMount(mount.Target, [.. mount.Options])
        : throw Invalid($"{field}.target: {mount.Target} is not an absolute path");

    public static Ulimit ToDomain(Container.V1.Ulimit limit, string field)
    {
        if (!LimitNames.Contains(limit.Name))
            throw Invalid($"{field}.name: {limit.Name} is none of {string.Join(", ", LimitNames)}");
        if (limit.Hard >= 0 && (limit.Soft < 0 || limit.Soft > limit.Hard))
            throw Invalid($"{field}.soft: {limit.Soft} is above the hard limit {limit.Hard}");
        return new Ulimit(limit.Name, limit.Soft, limit.Hard);
    }

    public static DnsConfig Dns(ContainerSpec spec)
    {
        foreach (var server in spec.Dns)
            Address(server, "spec.dns");
        return new DnsConfig([.. spec.Dns], [.. spec.DnsSearch], [.. spec.DnsOptions]);
    }

    public static HostLine Host(string line, string field)
    {
        var colon = line.IndexOf(':');
        if (colon <= 0 || line.Any(char.IsWhiteSpace))
            throw Invalid($"{field}: {line} is not of the form name:address");
        var address = line[(colon + 1)..].Trim('[', ']');
        return new HostLine(address == PodFiles.HostGateway ? address : Address(address, field), [line[..colon]]);
    }

    public static string Address(string address, string field) =>
        address.Length == 0 || IPAddress.TryParse(address, out _) ? address : throw Invalid($"{field}: {address} is not an IP address");

    public static ContainerLink ToDomain(Link link, string field) => link.Alias.Length > 0 && link.Alias.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
        ? new ContainerLink(link.Container, link.Alias)
        : throw Invalid($"{field}.alias: {link.Alias} is not a name of a host");

    public static HostDevice ToDomain(DeviceMount device, string field)
    {
        if (!Path.IsPathRooted(device.HostPath))
            throw Invalid($"{field}.host_path: {device.HostPath} is not an absolute path");
        var permissions = device.Permissions.Length > 0 ? device.Permissions : "rwm";
        return permissions.All("rwm".Contains)
            ? new HostDevice(device.HostPath, device.ContainerPath.Length > 0 ? device.ContainerPath : device.HostPath, permissions)
            : throw Invalid($"{field}.permissions: {permissions} is not a selection of rwm");
    }

    public static bool IsNumber(string group) => group.Length > 0 && group.All(char.IsAsciiDigit);

    public static long Group(string group, string field) => uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Invalid($"{field}: {group} is not the number of a group");

    public static HealthCheck? Health(Container.V1.HealthCheck? check) => check is null
        ? null
        : new HealthCheck([.. check.Test], Span(check.Interval, "interval"), Span(check.Timeout, "timeout"), Span(check.StartPeriod, "start_period"), check.Retries) { None = check.None, StartInterval = Span(check.StartInterval, "start_interval"), Shell = check.Shell };

    public static Container.V1.HealthCheck ToMessage(this HealthCheck check) =>
        new() { Test = { check.Test }, Interval = check.Interval.Ticks * 100, Timeout = check.Timeout.Ticks * 100, StartPeriod = check.StartPeriod.Ticks * 100, Retries = check.Retries, None = check.None, StartInterval = check.StartInterval.Ticks * 100, Shell = check.Shell };

    public static Container.V1.RestartPolicy ToMessage(this RestartPolicy policy) =>
        new() { Mode = (Container.V1.RestartMode)policy.Mode, Retries = policy.Retries };

    public static void Fill(ContainerSpec message, SoloSpec spec)
    {
        if (spec.Restart != RestartPolicy.No)
            message.Restart = spec.Restart.ToMessage();
        message.Tmpfs.AddRange(spec.Tmpfs.Select(mount => new Container.V1.TmpfsMount { Target = mount.ContainerPath, Options = { mount.Options } }));
        message.Ulimits.AddRange(spec.Ulimits.Select(limit => new Container.V1.Ulimit { Name = limit.Name, Soft = limit.Soft, Hard = limit.Hard }));
        message.Sysctls.Fill(spec.Sysctls);
        message.AllowNewPrivileges = spec.AllowNewPrivileges;
        message.PidMode = SoloNamespaces.PidMode(spec);
        message.IpcMode = SoloNamespaces.IpcMode(spec);
        message.Dns.AddRange(spec.Dns.Servers);
        message.DnsSearch.AddRange(spec.Dns.Searches);
        message.DnsOptions.AddRange(spec.Dns.Options);
        message.ExtraHosts.AddRange(spec.ExtraHosts.Select(line => $"{line.Names[0]}:{line.Address}"));
        message.Links.AddRange(spec.Links.Select(link => new Link { Container = link.Container, Alias = link.Alias }));
        message.NetworkAliases.AddRange(spec.Aliases);
        message.Address = spec.Address;
        message.Devices.AddRange(spec.Devices.Select(device => new DeviceMount { HostPath = device.HostPath, ContainerPath = device.ContainerPath, Permissions = device.Permissions }));
        message.Groups.AddRange([.. spec.Groups.Select(group => group.ToString(CultureInfo.InvariantCulture)), .. spec.GroupNames]);
        message.ShmBytes = spec.SharedMemoryBytes;
        if (spec.StopTimeout is { } seconds)
            message.StopTimeout = seconds;
        if (spec.OomScoreAdjust is { } score)
            message.OomScoreAdj = (int)score;
        message.Health = spec.Health?.ToMessage();
        SoloSecurity.Fill(message, spec);
    }

    private static TimeSpan Span(long nanoseconds, string field) => nanoseconds >= 0
        ? TimeSpan.FromTicks(nanoseconds / 100)
        : throw Invalid($"spec.health.{field}: {nanoseconds} is below 0");

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
