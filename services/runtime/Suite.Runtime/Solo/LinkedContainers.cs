using Suite.Linux.Errors;
using Suite.Runtime.Containers;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>A container under a further name, for another one (--link).</summary>
internal sealed record ContainerLink(string Container, string Alias);

/// <summary>What links mean at the start of a container: lines of /etc/hosts, and variables.</summary>
internal sealed class LinkedContainers(Inventory inventory)
{
    /// <exception cref="SuiteException">One of them does not run, and so has no address.</exception>
    public IReadOnlyList<HostLine> HostsOf(ContainerRecord container) =>
        [.. (container.Solo?.Links ?? []).Select(link => (Link: link, Target: Find(container, link)))
            .Select(found => new HostLine(found.Target.Pod.Addresses[0], [found.Link.Alias, found.Target.Container.Name, found.Target.Pod.Config.Hostname]))];

    /// <summary>As Docker's: ALIAS_NAME, ALIAS_PORT and those of each exposed port, and the variables that the other was made with.</summary>
    public IReadOnlyList<string> VariablesOf(ContainerRecord container) =>
        [.. (container.Solo?.Links ?? []).SelectMany(link => Variables(container, link, Find(container, link)))];

    private (ContainerRecord Container, Pod Pod) Find(ContainerRecord container, ContainerLink link)
    {
        var target = inventory.AnyContainer(link.Container);
        return target.State == ContainerState.Running && inventory.TryGetPod(target.PodId, out var pod) && pod.Addresses.Count > 0
            ? (target, pod)
            : throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot start container {container.Name}: container {target.Name}, which it is linked to as {link.Alias}, does not run on a network");
    }

    private static IEnumerable<string> Variables(ContainerRecord container, ContainerLink link, (ContainerRecord Container, Pod Pod) target)
    {
        var prefix = string.Concat(link.Alias.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        yield return $"{prefix}_NAME=/{container.Name}/{link.Alias}";
        var address = target.Pod.Addresses[0];
        var ports = PortsOf(target.Container);
        if (ports.Count > 0)
            yield return $"{prefix}_PORT={ports[0].Protocol}://{address}:{ports[0].Number}";
        foreach (var (number, protocol) in ports)
        {
            var name = $"{prefix}_PORT_{number}_{protocol.ToUpperInvariant()}";
            yield return $"{name}={protocol}://{address}:{number}";
            yield return $"{name}_ADDR={address}";
            yield return $"{name}_PORT={number}";
            yield return $"{name}_PROTO={protocol}";
        }
        foreach (var variable in target.Container.Config.Environment)
            yield return $"{prefix}_ENV_{variable}";
    }

    private static IReadOnlyList<(int Number, string Protocol)> PortsOf(ContainerRecord container) =>
        [.. container.Image.Defaults.ExposedPorts.Concat(container.Solo?.ExposedPorts ?? []).Select(Parse)
            .Concat((container.Solo?.Ports ?? []).Select(port => ((int)port.ContainerPort, port.Protocol.ToString().ToLowerInvariant())))
            .Distinct().OrderBy(port => port.Item1)];

    private static (int, string) Parse(string port) => port.Split('/') is [var number, var protocol] ? (int.Parse(number, System.Globalization.CultureInfo.InvariantCulture), protocol) : (int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), "tcp");
}
