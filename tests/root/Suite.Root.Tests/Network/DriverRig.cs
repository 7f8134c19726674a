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

    public DriverRig(string instance)
    {
        Instance = instance;
        _guard = new LeakGuard(instance);
        _folder = new TempFolder(instance);
        var subnet = Wire.SubnetOf(instance);
        Network = new BridgeNetwork(instance + "0", subnet, Ipv4Subnet.ToAddress(subnet.First + 1), 1500);
        Driver = new BridgeDriver(instance, spareNamespaces: 2);
        Driver.Establish([Network], []);
    }

    public string Instance { get; }

    public BridgeNetwork Network { get; }

    public BridgeDriver Driver { get; }

    /// <param name="number">Which sandbox of the test; the addresses start behind the gateway's.</param>
    public SandboxNetwork Sandbox(uint number, params (ushort Host, ushort Container)[] ports)
    {
        var address = Ipv4Subnet.ToAddress(Network.Subnet.First + 1 + number);
        var sandbox = new SandboxNetwork(
            _folder.Path("netns", $"{Instance}-{number}"),
            [new SandboxLink(Network, $"{Instance}-{number:d6}", "eth0", address, MacAddress.For(address))],
            [.. ports.Select(port => new PublishedPort(PortProtocol.Tcp, null, port.Host, address, port.Container))]);
        _sandboxes.Add(sandbox);
        return sandbox;
    }

    public static IPAddress AddressOf(SandboxNetwork sandbox) => sandbox.Links[0].Address;

    /// <summary>What of the instance is in the kernel beside its bridge, table and folder.</summary>
    public IReadOnlyList<string> Traces()
    {
        Driver.Settle();
        return [.. _guard.Left().Where(trace => trace.Contains($"{Instance}-", StringComparison.Ordinal) && trace != $"file {_folder.FullName}"),
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
