using System.Net;
using Suite.Linux.Errors;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Plans;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

/// <summary>Links that are made before there is a sandbox for them.</summary>
public sealed class ReadyLinkTests
{
    [RootFact]
    public async Task Sandboxes_get_one_each_with_their_own_address_of_both_families_and_hardware()
    {
        using var rig = new DriverRig(InstanceName.OfCaller(), spare: 4);
        var (one, two) = (rig.ReadySandbox(1, (20846, 80)), rig.ReadySandbox(2));
        rig.Driver.Attach(one);
        rig.Driver.Attach(two);
        using var server = Wire.Serve(one.NamespacePath, 80, "ready");
        Assert.Equal("ready", await Wire.AskAsync(IPAddress.Loopback, 20846));
        Assert.Equal("ready", await Wire.AskAsync(one.Links[0].Addresses[0].Address, 80, two.NamespacePath));
        Assert.Equal("ready", await Wire.AskAsync(one.Links[0].Addresses[1].Address, 80, two.NamespacePath));
        using var space = Suite.Linux.Namespaces.NetworkNamespace.Open(one.NamespacePath);
        Assert.Equal(one.Links[0].Mac.ToString(), space.Run(() => MacOf("eth0")));
        Assert.Empty(rig.Driver.Missing(one));
        // The host's end is a port of a bridge and needs no address.
        Assert.DoesNotContain(one.Links[0].HostEnd, await File.ReadAllTextAsync("/proc/net/if_inet6", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        rig.Driver.Detach(one);
        rig.Driver.Detach(two);
        Assert.Empty(rig.Traces());
    }

    [RootFact]
    public async Task One_that_was_taken_off_its_bridge_is_put_back_and_one_that_was_deleted_is_replaced()
    {
        using var rig = new DriverRig(InstanceName.OfCaller(), spare: 4);
        var (moved, deleted) = (rig.ReadySandbox(1), rig.ReadySandbox(2));
        Wire.Execute("ip", "link", "set", moved.Links[0].HostEnd, "nomaster");
        Wire.Execute("ip", "link", "delete", deleted.Links[0].HostEnd);
        foreach (var sandbox in new[] { moved, deleted })
        {
            rig.Driver.Attach(sandbox);
            using var server = Wire.Serve(sandbox.NamespacePath, 80, "mended");
            Assert.Equal("mended", await Wire.AskAsync(DriverRig.AddressOf(sandbox), 80));
            rig.Driver.Detach(sandbox);
        }

        Assert.Empty(rig.Traces());
    }

    [RootFact]
    public void An_attach_by_one_that_fails_at_any_step_leaves_nothing()
    {
        using var rig = new DriverRig(InstanceName.OfCaller(), spare: 4);
        var length = LinkPlans.Attach(rig.Instance, rig.Sandbox(1, (20847, 80)), isPrepared: true).Length;
        for (int step = 0; step <= length; step++)
        {
            var sandbox = rig.ReadySandbox(1, (20847, 80));
            var plan = LinkPlans.Attach(rig.Instance, sandbox, isPrepared: true).Insert(step, new SetSysctl("net/no/such/key", "1"));
            Assert.ThrowsAny<SuiteException>(() => rig.Driver.Attach(sandbox, plan));
            Assert.Empty(rig.Traces());
        }
    }

    [RootFact]
    public void One_that_was_promised_and_is_not_wanted_goes()
    {
        using var rig = new DriverRig(InstanceName.OfCaller(), spare: 2);
        string end = rig.ReadySandbox(1).Links[0].HostEnd;
        Assert.True(rig.Driver.IsReady(end));
        rig.Driver.ForgetLink(end);
        rig.Driver.Settle();
        Assert.False(Directory.Exists($"/sys/class/net/{end}"));
        Assert.Empty(rig.Traces());
    }

    [RootFact]
    public void Those_of_a_network_go_with_it()
    {
        using var rig = new DriverRig(InstanceName.OfCaller(), spare: 2);
        string end = rig.ReadySandbox(1).Links[0].HostEnd;
        rig.Driver.RemoveNetwork(rig.Network);
        Assert.False(Directory.Exists($"/sys/class/net/{end}"));
        Assert.Empty(rig.Traces());
        Assert.Empty(rig.Driver.HostEnds());
    }

    private static string MacOf(string link) => System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
        .First(found => found.Name == link).GetPhysicalAddress().ToString().Chunk(2).Select(two => new string(two)).Aggregate((a, b) => $"{a}:{b}").ToLowerInvariant();
}
