using System.Globalization;
using Suite.Cli.Syntax;
using Suite.Container.V1;

namespace Suite.Cli.Inspection;

/// <summary>What a container was given of its host.</summary>
internal sealed record ContainerHostConfig(
    IReadOnlyList<string> Binds,
    string NetworkMode,
    IReadOnlyDictionary<string, IReadOnlyList<PortBinding>> PortBindings,
    bool AutoRemove,
    bool Privileged,
    bool ReadonlyRootfs,
    IReadOnlyList<string> CapAdd,
    IReadOnlyList<string> CapDrop,
    long Memory,
    long NanoCpus,
    long PidsLimit,
    RestartRule RestartPolicy,
    IReadOnlyList<string> Links,
    IReadOnlyDictionary<string, string> Tmpfs,
    IReadOnlyDictionary<string, string> Sysctls,
    IReadOnlyList<string> Dns,
    IReadOnlyList<string> ExtraHosts,
    string PidMode,
    string IpcMode,
    string UsernsMode,
    bool Init,
    bool PublishAllPorts,
    IReadOnlyList<string> GroupAdd,
    IReadOnlyList<string> SecurityOpt,
    long ShmSize)
{
    public static ContainerHostConfig From(string name, ContainerSpec spec) => new(
        [.. spec.Mounts.Select(m => $"{m.Source}:{m.Target}{(m.ReadOnly ? ":ro" : "")}")],
        spec.Networks.FirstOrDefault() ?? "bridge",
        PortBinding.ByPort(spec.Ports),
        spec.AutoRemove,
        spec.Privileged,
        spec.ReadOnlyRootfs,
        [.. spec.CapAdd],
        [.. spec.CapDrop],
        spec.Resources?.MemoryBytes ?? 0,
        spec.Resources?.NanoCpus ?? 0,
        spec.Resources?.Pids ?? 0,
        new RestartRule(RestartSyntax.Name(spec.Restart?.Mode ?? RestartMode.No), spec.Restart?.Retries ?? 0),
        [.. spec.Links.Select(l => $"/{l.Container}:/{name}/{l.Alias}")],
        spec.Tmpfs.DistinctBy(t => t.Target).ToDictionary(t => t.Target, t => string.Join(',', t.Options)),
        new SortedDictionary<string, string>(spec.Sysctls, StringComparer.Ordinal),
        [.. spec.Dns],
        [.. spec.ExtraHosts],
        spec.PidMode,
        spec.IpcMode,
        spec.UserMode,
        spec.Init,
        spec.PublishAll,
        [.. spec.Groups],
        [.. Security(spec)],
        spec.ShmBytes);

    private static IEnumerable<string> Security(ContainerSpec spec)
    {
        if (!spec.AllowNewPrivileges && !spec.Privileged)
            yield return "no-new-privileges";
        if (spec.Seccomp.Length > 0)
            yield return $"seccomp={spec.Seccomp}";
        if (spec.Apparmor.Length > 0)
            yield return $"apparmor={spec.Apparmor}";
        if (spec.SelinuxLabel.Length > 0)
            yield return $"label={spec.SelinuxLabel}";
        if (spec.UnmaskedPaths)
            yield return "systempaths=unconfined";
    }
}

internal sealed record RestartRule(string Name, uint MaximumRetryCount);

internal sealed record PortBinding(string HostIp, string HostPort)
{
    /// <summary>By "80/tcp".</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PortBinding>> ByPort(IEnumerable<PortMapping> ports) =>
        ports.GroupBy(p => $"{p.ContainerPort}/{p.Protocol}").ToDictionary(
            g => g.Key,
            g => (IReadOnlyList<PortBinding>)[.. g.Select(p =>
                new PortBinding(p.HostIp, p.HostPort.ToString(CultureInfo.InvariantCulture)))]);
}

