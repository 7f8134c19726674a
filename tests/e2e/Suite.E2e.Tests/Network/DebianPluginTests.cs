using System.Net;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Network;

/// <summary>The reference plugins as Debian packages them, on a host of the test's own: bridge, host-local, portmap, bandwidth, tuning.</summary>
public sealed class DebianPluginTests
{
    private const string Ptp = """
        {"cniVersion":"0.3.1","name":"NAME","plugins":[
          {"type":"ptp","ipMasq":true,"ipam":{"type":"host-local","dataDir":"DATA","ranges":[[{"subnet":"10.77.1.0/24"}],[{"subnet":"fd77:1::/64"}]],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}}]}
        """;

    private const string Bridge = """
        {"cniVersion":"1.0.0","name":"NAME","plugins":[
          {"type":"bridge","bridge":"BRIDGE","isGateway":true,"ipMasq":true,"ipam":{"type":"host-local","dataDir":"DATA","ranges":[[{"subnet":"10.77.2.0/24"}],[{"subnet":"fd77:2::/64"}]],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}},
          {"type":"tuning","sysctl":{"net.ipv4.ip_default_ttl":"65"}},
          {"type":"bandwidth","capabilities":{"bandwidth":true}},
          {"type":"portmap","capabilities":{"portMappings":true},"snat":true}]}
        """;

    [RootFact(Needs = Need.Executables | Need.CniPlugins)]
    public async Task A_chain_connects_a_pod_publishes_its_port_checks_it_and_leaves_nothing()
    {
        await using var rig = await HostRig.StartAsync(InstanceName.OfCaller());
        Write(rig, "10-bridge.conflist", Bridge);
        Assert.True((await rig.Client.StatusAsync(new StatusRequest())).Ready);
        var web = await rig.AttachAsync("web", request =>
        {
            request.PortMappings.Add(new PortMapping { HostPort = 8080, ContainerPort = 80 });
            request.Pod = new PodDetails { Namespace = "default", Name = "web", Uid = "u1", Annotations = { ["kubernetes.io/egress-bandwidth"] = "100M" } };
        });
        var other = await rig.AttachAsync("other", request =>
            request.Pod = new PodDetails { Namespace = "default", Name = "other", Uid = "u2", Annotations = { ["kubernetes.io/egress-bandwidth"] = "100M" } });
        using var server = Talk.Serve(web.NetnsPath, 80, "web");
        using var world = Talk.Serve(rig.World, 80, "outside");
        Assert.Equal("web", await Talk.AskAsync(other.NetnsPath, HostRig.AddressOf(web), 80));
        Assert.Equal("web", await Talk.AskAsync(other.NetnsPath, HostRig.AddressOf(web, isIpv6: true), 80));
        Assert.Equal("web", await Talk.AskAsync(rig.World, IPAddress.Parse(HostRig.HostUplink), 8080));
        Assert.Equal($"outside {HostRig.HostUplink}", await Talk.AskFullAsync(web.NetnsPath, IPAddress.Parse(HostRig.World4), 80));
        // Not the one with a port: with both families portmap 1.1.1 looks for the rules of the one among those of the other.
        await rig.Client.CheckAttachmentAsync(new CheckAttachmentRequest { SandboxId = "other" });

        // Killed and started again, the service takes back what the one before it gave.
        await rig.KillServiceAsync();
        await rig.StartServiceAsync();
        Assert.Equal(2, (await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments.Count);
        await rig.DetachAsync("web");
        await rig.DetachAsync("other");
        Assert.Empty(Reserved(rig));
        Assert.DoesNotContain("8080", HostRig.Run(rig.Host, "iptables-save"), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => Talk.AskAsync(rig.World, IPAddress.Parse(HostRig.HostUplink), 8080, Talk.Brief));
        HostRig.Run(rig.Host, "ip", "link", "delete", $"{rig.Name}9");
    }

    [RootFact(Needs = Need.Executables | Need.CniPlugins)]
    public async Task A_list_of_the_oldest_version_beside_a_broken_one_connects_too()
    {
        await using var rig = await HostRig.StartAsync(InstanceName.OfCaller());
        Write(rig, "05-broken.conflist", "{");
        Write(rig, "10-ptp.conflist", Ptp);
        var one = await rig.AttachAsync("one");
        Assert.Equal(2, one.Endpoints[0].Addresses.Count);
        using var server = Talk.Serve(one.NetnsPath, 80, "one");
        Assert.Equal("one", await Talk.AskAsync(rig.Host, HostRig.AddressOf(one), 80));
        // The namespace goes behind our back: addresses are given back all the same.
        HostRig.Run(rig.Host, "umount", one.NetnsPath);
        await rig.DetachAsync("one");
        Assert.Empty(Reserved(rig));
    }

    private static void Write(HostRig rig, string file, string list) => rig.Folder.File(
        $"config/cni/net.d/{file}",
        list.Replace("NAME", rig.Name, StringComparison.Ordinal).Replace("BRIDGE", $"{rig.Name}9", StringComparison.Ordinal).Replace("DATA", rig.Folder.Path("ipam"), StringComparison.Ordinal));

    /// <summary>host-local's files, one an address.</summary>
    private static string[] Reserved(HostRig rig) =>
        [.. Directory.GetFiles(rig.Folder.Path("ipam", rig.Name)).Select(Path.GetFileName).OfType<string>().Where(name => name.StartsWith("10.", StringComparison.Ordinal) || name.StartsWith("fd", StringComparison.Ordinal))];
}
