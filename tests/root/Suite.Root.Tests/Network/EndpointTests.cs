using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Grpc.Core;
using Suite.Linux.Namespaces;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

/// <summary>How sandboxes hang on networks: addresses of both families, asked for or chosen; coming and going; sharing.</summary>
public sealed class EndpointTests
{
    [RootFact]
    public async Task A_sandbox_has_both_families_and_reaches_others_by_both()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var (one, two) = (await rig.AttachAsync("one"), await rig.AttachAsync("two"));
        using var server = Wire.Serve(one.NetnsPath, 80, "both");
        Assert.Equal(2, one.Endpoints[0].Addresses.Count);
        Assert.Equal(2, one.Endpoints[0].Gateways.Count);
        foreach (string address in one.Endpoints[0].Addresses)
        {
            Assert.Equal("both", await Wire.AskAsync(IPAddress.Parse(address.Split('/')[0]), 80, two.NetnsPath));
            Assert.Equal("both", await Wire.AskAsync(IPAddress.Parse(address.Split('/')[0]), 80));
        }
    }

    [RootFact]
    public async Task A_network_without_ipv6_gives_no_link_local_address_either()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await CreateAsync(rig, "plain", "p");
        var request = rig.Request("one");
        request.Networks.Add("plain");
        var one = (await rig.Client.AttachAsync(request)).Attachment;
        using var space = NetworkNamespace.Open(one.NetnsPath);
        Assert.DoesNotContain("eth0", space.Run(() => File.ReadAllText("/proc/thread-self/net/if_inet6")), StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Addresses_and_hardware_address_are_those_asked_for_on_each_network()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var back = await CreateAsync(rig, "back", "b", ipv6: true);
        string v4 = Nth(back.Subnets[0].Subnet_, 77), v6 = Nth(back.Subnets[1].Subnet_, 0x1234567);
        var request = rig.Request("asked");
        request.Endpoints.Add([new EndpointSettings { Network = "bridge" }, new EndpointSettings { Network = "back", MacAddress = "02:53:00:00:00:77", Addresses = { v6, v4 } }]);
        var attachment = (await rig.Client.AttachAsync(request)).Attachment;
        Assert.Equal([v4, v6], attachment.Endpoints[1].Addresses.Select(address => address.Split('/')[0]));
        Assert.Equal("02:53:00:00:00:77", attachment.Endpoints[1].MacAddress);
        using (var space = NetworkNamespace.Open(attachment.NetnsPath))
        {
            var link = space.Run(NetworkInterface.GetAllNetworkInterfaces).Single(l => l.Name == "eth1");
            Assert.Equal("025300000077", link.GetPhysicalAddress().ToString());
        }

        var second = rig.Request("second");
        second.Endpoints.Add(new EndpointSettings { Network = "back", Addresses = { v4 } });
        var taken = await Assert.ThrowsAsync<RpcException>(() => rig.Client.AttachAsync(second).ResponseAsync);
        Assert.Equal(StatusCode.AlreadyExists, taken.StatusCode);
        second.Endpoints[0] = new EndpointSettings { Network = "back", Addresses = { "203.0.113.7" } };
        var stranger = await Assert.ThrowsAsync<RpcException>(() => rig.Client.AttachAsync(second).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, stranger.StatusCode);
        Assert.Contains("203.0.113.7", stranger.Status.Detail, StringComparison.Ordinal);
        // What failed took nothing.
        Assert.Equal("asked", Assert.Single((await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments).SandboxId);
    }

    [RootFact]
    public async Task A_running_sandbox_is_put_on_a_network_and_taken_off_it()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await CreateAsync(rig, "back", "b");
        var web = await rig.AttachAsync("web", (20871, 80));
        using var server = Wire.Serve(web.NetnsPath, 80, "web");
        var connect = new ConnectRequest { SandboxId = "web", Endpoint = new EndpointSettings { Network = "back" } };
        var connected = (await rig.Client.ConnectAsync(connect)).Attachment;
        Assert.Equal(connected, (await rig.Client.ConnectAsync(connect)).Attachment);
        Assert.Equal(["eth0", "eth1"], connected.Endpoints.Select(endpoint => endpoint.InterfaceName));
        var address = IPAddress.Parse(connected.Endpoints[1].Addresses[0].Split('/')[0]);
        Assert.Equal("web", await Wire.AskAsync(address, 80));

        await rig.StopAsync();
        await rig.StartAsync();
        Assert.Equal(connected, Assert.Single((await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments));

        var disconnect = new DisconnectRequest { SandboxId = "web", Network = "back" };
        Assert.Single((await rig.Client.DisconnectAsync(disconnect)).Attachment.Endpoints);
        Assert.Single((await rig.Client.DisconnectAsync(disconnect)).Attachment.Endpoints);
        await Assert.ThrowsAnyAsync<Exception>(() => Wire.AskAsync(address, 80));
        var published = await Assert.ThrowsAsync<RpcException>(() => rig.Client.DisconnectAsync(new DisconnectRequest { SandboxId = "web", Network = "bridge" }).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, published.StatusCode);
        Assert.Contains("20871", published.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("web", await Wire.AskAsync(IPAddress.Loopback, 20871));
    }

    [RootFact]
    public async Task Two_sandboxes_share_one_namespace()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var web = await rig.AttachAsync("web-0001");
        var request = rig.Request("beside");
        request.Networks.Add("container:web-0001");
        var beside = (await rig.Client.AttachAsync(request)).Attachment;
        Assert.Equal((web.NetnsPath, "web-0001"), (beside.NetnsPath, beside.SharedWith));
        Assert.Equal(web.Endpoints, beside.Endpoints);
        await rig.DetachAsync("beside");
        Assert.True(NetworkNamespace.Exists(web.NetnsPath));

        request.Networks[0] = "container:nobody";
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => rig.Client.AttachAsync(request).ResponseAsync)).StatusCode);
        request.Networks[0] = "container:web-0001";
        request.PortMappings.Add(new PortMapping { HostPort = 20872, ContainerPort = 80 });
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => rig.Client.AttachAsync(request).ResponseAsync)).StatusCode);
    }

    [RootFact]
    public async Task Internal_and_isolated_networks_keep_to_themselves()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await CreateAsync(rig, "inside", "i", change: request => request.Internal = true);
        await CreateAsync(rig, "alone", "a", change: request => request.Isolated = true);
        await CreateAsync(rig, "open", "o");
        var attached = new Dictionary<string, Attachment>();
        foreach (string network in new[] { "inside", "alone", "open" })
        {
            var request = rig.Request("s-" + network);
            request.Networks.Add(network);
            attached[network] = (await rig.Client.AttachAsync(request)).Attachment;
        }

        using var inside = Wire.Serve(attached["inside"].NetnsPath, 80, "inside");
        using var alone = Wire.Serve(attached["alone"].NetnsPath, 80, "alone");
        using var open = Wire.Serve(attached["open"].NetnsPath, 80, "open");
        Assert.Equal("alone", await Wire.AskAsync(AddressOf(attached["alone"]), 80));
        foreach (var (from, to) in new[] { ("open", "alone"), ("alone", "open"), ("open", "inside") })
        {
            await Assert.ThrowsAnyAsync<Exception>(() => Wire.AskAsync(AddressOf(attached[to]), 80, attached[from].NetnsPath, TimeSpan.FromMilliseconds(300)));
        }

        // From one ordinary network to another there is a way, so that the tries above fail for the reason they should.
        var default1 = await rig.AttachAsync("default1");
        Assert.Equal("open", await Wire.AskAsync(AddressOf(attached["open"]), 80, default1.NetnsPath));
    }

    [RootFact]
    public async Task Networks_that_nobody_uses_are_pruned_and_all_of_it_is_told()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var watch = rig.Client.WatchEvents(new WatchEventsRequest(), cancellationToken: limit.Token);
        await watch.ResponseHeadersAsync;
        await CreateAsync(rig, "used", "u");
        await CreateAsync(rig, "free", "f", change: request => request.Labels.Add("stage", "test"));
        var request = rig.Request("web");
        request.Networks.Add("used");
        await rig.Client.AttachAsync(request);
        Assert.Empty((await rig.Client.PruneNetworksAsync(new PruneNetworksRequest { Labels = { "stage=live" } })).Removed);
        Assert.Empty((await rig.Client.PruneNetworksAsync(new PruneNetworksRequest { Until = 1_000_000_000 })).Removed);
        Assert.Equal(["free"], (await rig.Client.PruneNetworksAsync(new PruneNetworksRequest { Labels = { "stage=test" } })).Removed);
        await rig.DetachAsync("web");
        Assert.Equal(["used"], (await rig.Client.PruneNetworksAsync(new PruneNetworksRequest())).Removed);

        var told = new List<(EventKind, string)>();
        while (told.Count < 6 && await watch.ResponseStream.MoveNext(limit.Token))
        {
            told.Add((watch.ResponseStream.Current.Kind, watch.ResponseStream.Current.Network));
        }

        Assert.Equal(
            [
                (EventKind.NetworkCreated, "used"), (EventKind.NetworkCreated, "free"), (EventKind.Attached, "used"), (EventKind.NetworkRemoved, "free"),
                (EventKind.Detached, "used"), (EventKind.NetworkRemoved, "used"),
            ],
            told);
    }

    [RootFact]
    public async Task The_ranges_that_a_cluster_gives_are_taken_over_once_the_default_network_is_free()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        string[] ranges = [Wire.SubnetOf(rig.Instance + "c").ToString(), Wire.Subnet6Of(rig.Instance + "c").ToString()];
        await rig.AttachAsync("early");
        Assert.False((await rig.Client.SetPodRangesAsync(new SetPodRangesRequest { Ranges = { ranges } })).Applied);
        await rig.DetachAsync("early");
        Assert.True((await rig.Client.SetPodRangesAsync(new SetPodRangesRequest { Ranges = { ranges } })).Applied);
        var network = (await rig.Client.InspectNetworkAsync(new InspectNetworkRequest { Network = "bridge" })).Network;
        Assert.Equal(ranges, network.Subnets.Select(subnet => subnet.Subnet_));

        await rig.StopAsync();
        await rig.StartAsync();
        var late = await rig.AttachAsync("late");
        using var server = Wire.Serve(late.NetnsPath, 80, "late");
        Assert.Equal("late", await Wire.AskAsync(AddressOf(late), 80));
        Assert.StartsWith(ranges[0][..ranges[0].LastIndexOf('.')], late.Endpoints[0].Addresses[0], StringComparison.Ordinal);

        var bad = await Assert.ThrowsAsync<RpcException>(() => rig.Client.SetPodRangesAsync(new SetPodRangesRequest { Ranges = { ranges[0], "10.77.0.0/24" } }).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, bad.StatusCode);
    }

    [RootFact]
    public async Task A_check_names_what_is_missing()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var web = await rig.AttachAsync("web");
        await rig.Client.CheckAttachmentAsync(new CheckAttachmentRequest { SandboxId = "web" });
        NetworkNamespace.Unbind(web.NetnsPath);
        var error = await Assert.ThrowsAsync<RpcException>(() => rig.Client.CheckAttachmentAsync(new CheckAttachmentRequest { SandboxId = "web" }).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains(web.NetnsPath, error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => rig.Client.CheckAttachmentAsync(new CheckAttachmentRequest { SandboxId = "x" }).ResponseAsync)).StatusCode);
    }

    internal static async Task<NetworkInfo> CreateAsync(ServiceRig rig, string name, string salt, bool ipv6 = false, Action<CreateNetworkRequest>? change = null)
    {
        var request = new CreateNetworkRequest { Name = name, Subnets = { new Subnet { Subnet_ = Wire.SubnetOf(rig.Instance + salt).ToString() } } };
        if (ipv6)
        {
            request.Subnets.Add(new Subnet { Subnet_ = Wire.Subnet6Of(rig.Instance + salt).ToString() });
        }

        change?.Invoke(request);
        return (await rig.Client.CreateNetworkAsync(request)).Network;
    }

    internal static IPAddress AddressOf(Attachment attachment, bool isIpv6 = false) => attachment.Endpoints
        .SelectMany(endpoint => endpoint.Addresses).Select(address => IPAddress.Parse(address.Split('/')[0]))
        .First(address => address.AddressFamily == AddressFamily.InterNetworkV6 == isIpv6);

    private static string Nth(string subnet, uint number) => Suite.Network.Bridge.Links.IpSubnet.Parse(subnet).At(number).ToString();
}
