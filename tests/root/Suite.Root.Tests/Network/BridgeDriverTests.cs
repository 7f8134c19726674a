using System.Net;
using System.Net.Sockets;
using Suite.Linux.Errors;
using Suite.Linux.Namespaces;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Plans;
using Suite.Network.Bridge.Ports;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

public sealed class BridgeDriverTests
{
    [RootFact]
    public async Task Host_and_sandboxes_reach_each_other()
    {
        using var rig = new DriverRig(InstanceName.OfCaller());
        var (one, two) = (rig.Sandbox(1), rig.Sandbox(2));
        rig.Driver.Attach(one);
        rig.Driver.Attach(two);
        using var server = Wire.Serve(one.NamespacePath, 80, "one");

        Assert.Equal("one", await Wire.AskAsync(DriverRig.AddressOf(one), 80));
        Assert.Equal("one", await Wire.AskAsync(DriverRig.AddressOf(one), 80, two.NamespacePath));

        rig.Driver.Detach(one);
        rig.Driver.Detach(two);
        Assert.Empty(rig.Traces());
    }

    [RootFact]
    public async Task A_published_port_answers_on_every_address_of_the_host_and_from_sandboxes()
    {
        using var rig = new DriverRig(InstanceName.OfCaller());
        var (one, two) = (rig.Sandbox(1, (20841, 80)), rig.Sandbox(2));
        rig.Driver.Attach(one);
        rig.Driver.Attach(two);
        using var server = Wire.Serve(one.NamespacePath, 80, "published");

        Assert.Equal("published", await Wire.AskAsync(IPAddress.Loopback, 20841));
        Assert.Equal("published", await Wire.AskAsync(rig.Gateway, 20841));
        if (Wire.HostAddress() is { } address)
        {
            Assert.Equal("published", await Wire.AskAsync(address, 20841));
        }

        Assert.Equal("published", await Wire.AskAsync(rig.Gateway, 20841, two.NamespacePath));
        Assert.Equal("published", await Wire.AskAsync(rig.Gateway, 20841, one.NamespacePath));

        rig.Driver.Detach(one);
        await Assert.ThrowsAnyAsync<Exception>(() => Wire.AskAsync(IPAddress.Loopback, 20841));
        rig.Driver.Detach(two);
        Assert.Empty(rig.Traces());
    }

    [RootFact]
    public void An_attach_that_fails_at_any_step_leaves_nothing()
    {
        using var rig = new DriverRig(InstanceName.OfCaller());
        var sandbox = rig.Sandbox(1, (20842, 80));
        var plan = LinkPlans.Attach(rig.Instance, sandbox);
        Step[] failures = [new SetSysctl("net/no/such/key", "1"), new SetLinkUp(Channel.Host, "nosuchlink")];
        foreach (var failure in failures)
        {
            for (int step = 0; step <= plan.Length; step++)
            {
                var error = Assert.ThrowsAny<SuiteException>(() => rig.Driver.Attach(sandbox, plan.Insert(step, failure)));
                Assert.Contains(failure is SetSysctl ? "net/no/such/key" : "nosuchlink", error.Message, StringComparison.Ordinal);
                Assert.Empty(rig.Traces());
            }
        }

        rig.Driver.Attach(sandbox);
        rig.Driver.Detach(sandbox);
        Assert.Empty(rig.Traces());
    }

    [RootFact]
    public void A_detach_can_be_repeated_and_goes_on_where_things_are_missing()
    {
        using var rig = new DriverRig(InstanceName.OfCaller());
        var sandbox = rig.Sandbox(1, (20843, 80));
        rig.Driver.Detach(sandbox);
        rig.Driver.Attach(sandbox);
        rig.Driver.RemoveHostEnds([sandbox.Links[0].HostEnd]);
        NetworkNamespace.Unbind(sandbox.NamespacePath);
        rig.Driver.Detach(sandbox);
        rig.Driver.Detach(sandbox);
        Assert.Empty(rig.Traces());
    }

    [RootFact]
    public async Task A_sandbox_is_mended_when_its_bridge_or_its_link_was_deleted()
    {
        using var rig = new DriverRig(InstanceName.OfCaller());
        var sandbox = rig.Sandbox(1, (20844, 80));
        rig.Driver.Attach(sandbox);
        using var server = Wire.Serve(sandbox.NamespacePath, 80, "mended");

        rig.Driver.Release([rig.Network]);
        rig.Driver.Establish([rig.Network], sandbox.Ports);
        Assert.Empty(rig.Driver.Mend([sandbox]));
        Assert.Equal("mended", await Wire.AskAsync(IPAddress.Loopback, 20844));

        rig.Driver.RemoveHostEnds([sandbox.Links[0].HostEnd]);
        rig.Driver.Settle();
        Assert.Empty(rig.Driver.Mend([sandbox]));
        Assert.Equal("mended", await Wire.AskAsync(DriverRig.AddressOf(sandbox), 80));

        NetworkNamespace.Unbind(sandbox.NamespacePath);
        Assert.Equal([sandbox.NamespacePath], rig.Driver.Mend([sandbox]));
        rig.Driver.Detach(sandbox);
        Assert.Empty(rig.Traces());
    }

    [RootFact]
    public void The_kernels_own_words_are_in_the_error()
    {
        using var rig = new DriverRig(InstanceName.OfCaller());
        var sandbox = rig.Sandbox(1);
        var wrong = sandbox with { Links = [sandbox.Links[0] with { Network = rig.Network with { Subnets = [rig.Network.Subnets[0] with { Gateway = IPAddress.Parse("192.0.2.99") }] } }] };
        var error = Assert.ThrowsAny<SuiteException>(() => rig.Driver.Attach(wrong));
        Assert.Contains("route add default via 192.0.2.99", error.Message, StringComparison.Ordinal);
        Assert.Contains("gateway", error.Message[error.Message.IndexOf("the kernel says", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Empty(rig.Traces());
    }

    [RootFact]
    public void A_host_subnet_is_seen_and_our_own_is_not()
    {
        using var rig = new DriverRig(InstanceName.OfCaller());
        Assert.Contains(rig.Driver.SubnetsInUse([]), rig.Network.Subnets[0].Subnet.Overlaps);
        Assert.DoesNotContain(rig.Driver.SubnetsInUse([rig.Network.Bridge]), used => used == rig.Network.Subnets[0].Subnet);
    }

    [RootFact]
    public async Task What_a_sandboxs_kernel_announces_of_its_addresses_does_not_reach_the_others()
    {
        using var rig = new DriverRig(InstanceName.OfCaller());
        var one = rig.Sandbox(1);
        rig.Driver.Attach(one);
        using var space = NetworkNamespace.Open(one.NamespacePath);
        long Heard() => space.Run(() => File.ReadLines("/proc/thread-self/net/snmp6").Where(line => line.StartsWith("Icmp6InMLDv2Reports", StringComparison.Ordinal)).Select(line => long.Parse(line[19..], System.Globalization.CultureInfo.InvariantCulture)).Single());
        // The host's own announcements, of the bridge's addresses, are repeated once within a second.
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        long before = Heard();
        rig.Driver.Attach(rig.Sandbox(2));
        rig.Driver.Attach(rig.Sandbox(3));
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.Equal(before, Heard());
    }

    [RootFact]
    public async Task A_published_udp_port_answers()
    {
        using var rig = new DriverRig(InstanceName.OfCaller());
        var sandbox = rig.Sandbox(1);
        var address = DriverRig.AddressOf(sandbox);
        sandbox = sandbox with { Ports = [new PublishedPort(PortProtocol.Udp, IPAddress.Loopback, 20845, address, 53)] };
        rig.Driver.Attach(sandbox);
        using var space = NetworkNamespace.Open(sandbox.NamespacePath);
        using var server = space.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, 53)));
        using var client = new UdpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));

        await client.SendAsync("question"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, 20845), limit.Token);
        var question = await server.ReceiveAsync(limit.Token);
        await server.SendAsync("answer"u8.ToArray(), question.RemoteEndPoint, limit.Token);
        Assert.Equal("answer"u8.ToArray(), (await client.ReceiveAsync(limit.Token)).Buffer);
        rig.Driver.Detach(sandbox);
        Assert.Empty(rig.Traces());
    }
}
