using Google.Protobuf.Collections;
using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Cri = Runtime.V1;

namespace Suite.Runtime.Mapping;

/// <summary>
/// CRI's words for a pod, into ours. Everything wrong with a request is found here, and named by its field. What the security
/// context says beside namespaces and privileged is about the process of a pause container, which a pod has not here.
/// </summary>
internal static class PodMapping
{
    public static PodConfig ToDomain(this Cri.PodSandboxConfig? config)
    {
        if (config is null)
            throw Invalid("config: is missing");
        if (config.Metadata is not { } metadata || metadata.Name.Length == 0)
            throw Invalid("config.metadata.name: must not be empty");
        var security = config.Linux?.SecurityContext;
        var namespaces = ToDomain(security?.NamespaceOptions, "config.linux.security_context.namespace_options");
        if (config.LogDirectory.Length > 0 && !Path.IsPathRooted(config.LogDirectory))
            throw Invalid($"config.log_directory: {config.LogDirectory} is not an absolute path");
        return new PodConfig
        {
            Metadata = new PodMetadata(metadata.Name, metadata.Uid, metadata.Namespace, metadata.Attempt),
            Hostname = Checked.Hostname(config.Hostname, "config.hostname"),
            LogDirectory = config.LogDirectory,
            Dns = config.DnsConfig is { } dns ? ToDomain(dns) : null,
            Ports = [.. config.PortMappings.Select((port, i) => ToDomain(port, $"config.port_mappings[{i}]"))],
            Labels = config.Labels.ToDomain(),
            Annotations = config.Annotations.ToDomain(),
            CgroupParent = Checked.CgroupParent(config.Linux?.CgroupParent ?? "", "config.linux.cgroup_parent"),
            Namespaces = namespaces,
            // Asked for by name: the default of the wire is a pod's own processes, and that of those who say nothing is none.
            SharesProcesses = security?.NamespaceOptions is { Pid: Cri.NamespaceMode.Pod },
            Users = UserMapping.ToDomain(security?.NamespaceOptions?.UsernsOptions, "config.linux.security_context.namespace_options.userns_options"),
            Sysctls = Checked.Sysctls(config.Linux?.Sysctls.ToDomain() ?? NoLabels.Instance, namespaces),
            Privileged = security?.Privileged ?? false,
            Resources = config.Linux?.Resources?.ToDomain("config.linux.resources"),
            Overhead = config.Linux?.Overhead?.ToDomain("config.linux.overhead"),
        };
    }

    public static NamespaceModes ToDomain(Cri.NamespaceOption? option, string field)
    {
        if (option is null)
            return NamespaceModes.Default;
        if (option.Network is Cri.NamespaceMode.Target or Cri.NamespaceMode.Container)
            throw Invalid($"{field}.network: must be POD or NODE");
        if (option.Ipc is Cri.NamespaceMode.Target or Cri.NamespaceMode.Container)
            throw Invalid($"{field}.ipc: must be POD or NODE");
        return new NamespaceModes((NamespaceMode)option.Network, (NamespaceMode)option.Pid, (NamespaceMode)option.Ipc, option.TargetId);
    }

    public static IReadOnlyDictionary<string, string> ToDomain(this MapField<string, string> map) =>
        map.Count == 0 ? NoLabels.Instance : new Dictionary<string, string>(map);

    private static DnsConfig ToDomain(Cri.DNSConfig dns)
    {
        foreach (var text in dns.Servers.Concat(dns.Searches).Concat(dns.Options))
        {
            if (text.AsSpan().ContainsAny('\n', '\0'))
                throw Invalid("config.dns_config: an entry holds a line break or a zero byte");
        }
        return new DnsConfig([.. dns.Servers], [.. dns.Searches], [.. dns.Options]);
    }

    private static PortMapping ToDomain(Cri.PortMapping port, string field)
    {
        if (port.ContainerPort is < 1 or > 65535)
            throw Invalid($"{field}.container_port: {port.ContainerPort} is not between 1 and 65535");
        if (port.HostPort is < 0 or > 65535)
            throw Invalid($"{field}.host_port: {port.HostPort} is not between 0 and 65535");
        return new PortMapping((PortProtocol)port.Protocol, (uint)port.ContainerPort, (uint)port.HostPort, port.HostIp);
    }

    private static SuiteException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
