using System.Globalization;
using Suite.Runtime.Containers;
using Suite.Runtime.Health;
using Suite.Runtime.Pods;
using Suite.Runtime.Store;

namespace Suite.Runtime.Solo;

/// <summary>What an image says about the containers made from it, beside its process: how to check them, and which ports they have.</summary>
internal sealed class ImageWords(Inventory inventory)
{
    /// <param name="container">A pod of one whose image is known, not made yet.</param>
    public ContainerRecord Apply(ContainerRecord container)
    {
        var solo = container.Solo! with { Health = HealthCheck.Effective(container.Solo.Health, container.Image.Defaults.Health) };
        if (!solo.PublishAll || solo.Networks.Contains("host") || solo.Networks.Contains("none"))
            return container with { Solo = solo };
        var ports = WithExposed(solo, container.Image.Defaults);
        inventory.UpdatePod(container.PodId, pod => pod with { Config = pod.Config with { Ports = ports } });
        return container with { Solo = solo with { Ports = ports } };
    }

    /// <summary>Those of the request, and a free port of the host for each exposed one that it does not name.</summary>
    public static IReadOnlyList<PortMapping> WithExposed(SoloSpec solo, ImageDefaults image)
    {
        var exposed = image.ExposedPorts.Concat(solo.ExposedPorts).Select(ToMapping).OfType<PortMapping>().Distinct();
        return [.. solo.Ports, .. exposed.Where(port => !solo.Ports.Any(asked => asked.ContainerPort == port.ContainerPort && asked.Protocol == port.Protocol))];
    }

    // An image may say anything: what is no port is none.
    private static PortMapping? ToMapping(string port)
    {
        var parts = port.Split('/');
        PortProtocol? protocol = parts switch
        {
            [_] or [_, "tcp"] => PortProtocol.Tcp,
            [_, "udp"] => PortProtocol.Udp,
            [_, "sctp"] => PortProtocol.Sctp,
            _ => null,
        };
        return protocol is { } known && ushort.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new PortMapping(known, number, 0, "")
            : null;
    }
}
