using System.Diagnostics;
using System.Net;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.E2e.Tests.Network;

/// <summary>What others do to bridges, links and rules, on a host of the test's own, is put back without anybody asking.</summary>
public sealed class DamageTests
{
    [RootFact(Needs = Need.Executables)]
    public async Task A_flushed_ruleset_is_back()
    {
        await using var rig = await HostRig.StartAsync(InstanceName.OfCaller());
        var web = await rig.AttachAsync("web", Publish(8080));
        using var server = Talk.Serve(web.NetnsPath, 80, "served");
        Assert.Equal("served", await Talk.AskAsync(rig.World, IPAddress.Parse(HostRig.HostUplink), 8080));

        HostRig.Run(rig.Host, "nft", "flush", "ruleset");
        await HostRig.UntilAsync("the port is published again", async () =>
            Assert.Equal("served", await Talk.AskAsync(rig.World, IPAddress.Parse(HostRig.HostUplink), 8080, Talk.Brief)));
        Assert.Equal("served", await Talk.AskAsync(rig.Host, IPAddress.Loopback, 8080));

        HostRig.Run(rig.Host, "nft", "delete", "table", "bridge", rig.Name);
        await HostRig.UntilAsync("the rules for bridges are back", () => Task.Run(() => HostRig.Run(rig.Host, "nft", "list", "chain", "bridge", rig.Name, "hush")));
    }

    [RootFact(Needs = Need.Executables)]
    public async Task A_deleted_bridge_a_deleted_link_and_a_removed_address_are_back()
    {
        await using var rig = await HostRig.StartAsync(InstanceName.OfCaller());
        var web = await rig.AttachAsync("web");
        using var server = Talk.Serve(web.NetnsPath, 80, "served");
        string end = HostRig.Run(rig.Host, "ip", "-o", "link", "show", "up", "type", "veth").Split('\n').Where(line => line.Contains("state UP", StringComparison.Ordinal)).Select(line => line.Split(' ', 3)[1].Split('@')[0])
            .First(name => name.StartsWith(rig.Name + "-", StringComparison.Ordinal));
        string gateway = $"{web.Endpoints[0].Gateways[0]}/16";
        string[][] damages =
        [
            ["ip", "link", "delete", $"{rig.Name}0"],
            ["ip", "link", "delete", end],
            ["ip", "link", "set", end, "nomaster"],
            ["ip", "address", "delete", gateway, "dev", $"{rig.Name}0"],
            ["ip", "link", "set", $"{rig.Name}0", "down"],
        ];
        foreach (string[] damage in damages)
        {
            HostRig.Run(rig.Host, damage);
            await HostRig.UntilAsync($"after {string.Join(' ', damage)} the sandbox is reached", async () =>
            {
                Assert.Equal("served", await Talk.AskAsync(rig.Host, HostRig.AddressOf(web), 80, Talk.Brief));
                Assert.Equal("served", await Talk.AskAsync(rig.Host, HostRig.AddressOf(web, isIpv6: true), 80, Talk.Brief));
            });
            await HostRig.UntilAsync("a check finds nothing missing", async () => await rig.Client.CheckAttachmentAsync(new CheckAttachmentRequest { SandboxId = "web" }));
        }
    }

    [RootTheory(Needs = Need.Executables)]
    [InlineData("nft flush ruleset")]
    [InlineData("ip link delete BRIDGE")]
    public async Task All_of_it_is_back_within_a_second(string damage)
    {
        await using var rig = await HostRig.StartAsync(InstanceName.Of(nameof(All_of_it_is_back_within_a_second) + damage));
        string[] pods = [.. Enumerable.Range(0, 20).Select(n => $"pod{n}")];
        var web = await rig.AttachAsync("web", Publish(8080));
        foreach (var (pod, n) in pods.Select((pod, n) => (pod, n)))
            await rig.AttachAsync(pod, request => request.PortMappings.Add(Enumerable.Range(0, 5).Select(port => new PortMapping { HostPort = (uint)(9000 + (n * 5) + port), ContainerPort = 80 })));
        using var server = Talk.Serve(web.NetnsPath, 80, "served");
        async Task AskAsync() => Assert.Equal("served", await Talk.AskAsync(rig.World, IPAddress.Parse(HostRig.HostUplink), 8080, TimeSpan.FromMilliseconds(100)));
        await HostRig.UntilAsync("it is served before", AskAsync);

        var times = new List<TimeSpan>();
        for (var round = 0; round < 3; round++)
        {
            HostRig.Run(rig.Host, damage.Replace("BRIDGE", $"{rig.Name}0", StringComparison.Ordinal).Split(' '));
            var started = Stopwatch.GetTimestamp();
            await HostRig.UntilAsync($"after {damage} it is served again", AskAsync);
            foreach (string pod in pods)
                await rig.Client.CheckAttachmentAsync(new CheckAttachmentRequest { SandboxId = pod });
            times.Add(Stopwatch.GetElapsedTime(started));
            Assert.Contains("9099", HostRig.Run(rig.Host, "nft", "list", "map", "inet", rig.Name, "hostports"), StringComparison.Ordinal);
        }

        // Once in a while the machine has other things to do.
        Assert.InRange(times.Order().ElementAt(1), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [RootTheory(Needs = Need.Executables)]
    [InlineData("ip filter FORWARD")]
    [InlineData("inet strict forward")]
    public async Task A_host_that_drops_what_it_forwards_lets_sandboxes_pass(string chain)
    {
        await using var rig = await HostRig.StartAsync(InstanceName.Of(nameof(A_host_that_drops_what_it_forwards_lets_sandboxes_pass) + chain));
        string table = chain[..chain.LastIndexOf(' ')];
        HostRig.Run(rig.Host, "nft", $"add table {table}; add chain {chain} {{ type filter hook forward priority 0; policy drop; }}");
        var web = await rig.AttachAsync("web", Publish(8080));
        using var server = Talk.Serve(web.NetnsPath, 80, "inside");
        using var world = Talk.Serve(rig.World, 80, "outside");
        Assert.Equal("inside", await Talk.AskAsync(rig.World, IPAddress.Parse(HostRig.HostUplink), 8080));
        // The world sees the host's address: it knows no way back to the sandbox's.
        Assert.Equal($"outside {HostRig.HostUplink}", await Talk.AskFullAsync(web.NetnsPath, IPAddress.Parse(HostRig.World4), 80));

        // Somebody loads his rules anew, as a service of the host's firewall does when it restarts.
        HostRig.Run(rig.Host, "nft", $"flush chain {chain}; add rule {chain} ct state invalid drop");
        await HostRig.UntilAsync("sandboxes pass again", async () => Assert.Equal("inside", await Talk.AskAsync(rig.World, IPAddress.Parse(HostRig.HostUplink), 8080, Talk.Brief)));

        // What the owner of the chain forbids stays forbidden.
        HostRig.Run(rig.Host, ["nft", "insert", "rule", .. chain.Split(' '), "tcp", "dport", "80", "drop"]);
        await Assert.ThrowsAnyAsync<Exception>(() => Talk.AskAsync(rig.World, IPAddress.Parse(HostRig.HostUplink), 8080, Talk.Brief));
        await rig.DetachAsync("web");
        await rig.Client.ReleaseAsync(new ReleaseRequest());
        Assert.DoesNotContain(rig.Name, HostRig.Run(rig.Host, "nft", "list", "ruleset"), StringComparison.Ordinal);
        HostRig.Run(rig.Host, ["nft", "list", "chain", .. chain.Split(' ')]);
    }

    [RootFact(Needs = Need.Executables)]
    public async Task A_bridge_that_cannot_be_made_is_why_the_network_is_not_ready()
    {
        await using var rig = await HostRig.StartAsync(InstanceName.OfCaller());
        rig.Expected = line => line.Contains($"{rig.Name}0", StringComparison.Ordinal);
        HostRig.Run(rig.Host, "ip", "link", "add", $"{rig.Name}0", "type", "veth", "peer", "name", "other");
        var refused = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => rig.AttachAsync("web"));
        Assert.Contains($"{rig.Name}0", refused.Status.Detail, StringComparison.Ordinal);
        var status = await rig.Client.StatusAsync(new StatusRequest());
        Assert.Equal((false, "BridgeNotReady"), (status.Ready, status.Reason));
        Assert.Contains($"{rig.Name}0", status.Message, StringComparison.Ordinal);

        HostRig.Run(rig.Host, "ip", "link", "delete", $"{rig.Name}0");
        await rig.AttachAsync("web");
        Assert.True((await rig.Client.StatusAsync(new StatusRequest())).Ready);
    }

    private static Action<AttachRequest> Publish(uint port) =>
        request => request.PortMappings.Add(new PortMapping { HostPort = port, ContainerPort = 80 });
}
