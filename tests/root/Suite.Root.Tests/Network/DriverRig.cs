using System.Net;
using Suite.Network.Bridge;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;
using Suite.Testing.Files;
using Suite.Testing.Leaks;

namespace Suite.Root.Tests.Network;

/// <summary>A driver with one network on a subnet of the test's own. Disposing releases everything and fails when something is left.</summary>
internal sealed class DriverRig : IDisposable
{
    private readonly LeakGuard _guard;
    private readonly TempFolder _folder;
    private readonly List<SandboxNetwork> _sandboxes = [];

    /// <param name="spare">How many links are kept ready; 0: each is made when a sandbox comes.</param>
    public DriverRig(string instance, int spare = 0)
    {
        Instance = instance;
        _guard = new LeakGuard(instance);
        _folder = new TempFolder(instance);
        var subnet = Wire.SubnetOf(instance);
        Network = new BridgeNetwork(instance + "0", [new BridgeSubnet(subnet, subnet.At(1)), new BridgeSubnet(Wire.Subnet6Of(instance), Wire.Subnet6Of(instance).At(1))], 1500);
        Driver = new BridgeDriver(instance, spareNamespaces: Math.Max(2, spare));
        Driver.Establish([Network], []);
        if (spare > 0)
        {
            Driver.KeepReady(Network);
        }
    }

    public string Instance { get; }

    public BridgeNetwork Network { get; }

    public BridgeDriver Driver { get; }

    /// <param name="number">Which sandbox of the test; the addresses start behind the gateway's.</param>
    public SandboxNetwork Sandbox(uint number, params (ushort Host, ushort Container)[] ports)
    {
        var address = Network.Subnets[0].Subnet.At(1 + number);
        LinkAddress[] addresses = [.. Network.Subnets.Select(part => new LinkAddress(part.Subnet.At(1 + number), part.Subnet.Prefix))];
        var sandbox = new SandboxNetwork(
            _folder.Path("netns", $"{Instance}-{number}"),
            [new SandboxLink(Network, $"{Instance}-{number:d6}", "eth0", [.. addresses], MacAddress.For(address))],
            [.. ports.Select(port => new PublishedPort(PortProtocol.Tcp, IPAddress.Any, port.Host, address, port.Container))]);
        _sandboxes.Add(sandbox);
        return sandbox;
    }

    /// <summary>One that is attached by a link that is ready; waits until there is one.</summary>
    public SandboxNetwork ReadySandbox(uint number, params (ushort Host, ushort Container)[] ports)
    {
        var sandbox = Sandbox(number, ports);
        for (int attempt = 0; attempt < 500; attempt++)
        {
            string end = Driver.NameFirstLink(Network.Bridge);
            if (Directory.Exists($"/sys/class/net/{end}"))
            {
                _sandboxes[^1] = sandbox with { Links = [sandbox.Links[0] with { HostEnd = end }] };
                return _sandboxes[^1];
            }

            Thread.Sleep(10);
        }

        throw new InvalidOperationException("no link was made ready within five seconds");
    }

    public static IPAddress AddressOf(SandboxNetwork sandbox) => sandbox.Links[0].Addresses[0].Address;

    public IPAddress Gateway => Network.Subnets[0].Gateway;

    /// <summary>What of the instance is in the kernel beside its bridge, table and folder.</summary>
    public IReadOnlyList<string> Traces()
    {
        Driver.Settle();
        return [.. _guard.Left().ToList().Where(trace => !Driver.IsReady(trace[(trace.LastIndexOf(' ') + 1)..]) && trace.Contains($"{Instance}-", StringComparison.Ordinal) && trace != $"file {_folder.FullName}"),
            .. Directory.Exists(_folder.Path("netns")) ? Directory.GetFiles(_folder.Path("netns")) : []];
    }

    public void Dispose()
    {
        // After a failed assertion there may be some left, which is not the failure to tell.
        _sandboxes.ForEach(Driver.Detach);
        Driver.Release([Network]);
        Driver.Dispose();
        _folder.Dispose();
        _guard.AssertNothingLeft();
    }
}
