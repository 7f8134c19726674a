using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Suite.Linux.Namespaces;
using Suite.Network.Bridge.Links;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

public sealed class NetworkServiceTests
{
    [RootFact]
    public async Task An_attached_sandbox_is_reachable_and_a_repeated_attach_returns_it()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var first = await rig.AttachAsync("web", (20851, 80));
        var again = await rig.AttachAsync("web", (20851, 80));

        Assert.Equal(first, again);
        Assert.Equal(rig.NamespacePath("web"), first.NetnsPath);
        var endpoint = Assert.Single(first.Endpoints);
        Assert.Equal(("bridge", "eth0"), (endpoint.Network, endpoint.InterfaceName));
        using var server = Wire.Serve(first.NetnsPath, 80, "web");
        Assert.Equal("web", await Wire.AskAsync(IPAddress.Loopback, 20851));
        Assert.Equal("web", await Wire.AskAsync(IPAddress.Parse(endpoint.Addresses[0].Split('/')[0]), 80));

        var other = await Assert.ThrowsAsync<RpcException>(() => rig.AttachAsync("web"));
        Assert.Equal(StatusCode.AlreadyExists, other.StatusCode);
        await rig.DetachAsync("web");
        await rig.DetachAsync("web");
        await Wire.GoneAsync(first.NetnsPath);
    }

    [RootFact]
    public async Task Sixteen_at_once_all_get_addresses_of_their_own()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var attached = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => rig.AttachAsync($"p{i}")));
        Assert.Equal(16, attached.Select(a => a.Endpoints[0].Addresses[0]).Distinct().Count());
        await Task.WhenAll(attached.Select(a => rig.DetachAsync(a.SandboxId)));
    }

    [RootFact]
    public async Task A_taken_port_is_refused_with_its_owner_and_leaves_the_state_as_it_was()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await rig.AttachAsync("web", (20852, 80));

        var ours = await Assert.ThrowsAsync<RpcException>(() => rig.AttachAsync("late", (20853, 81), (20852, 80)));
        Assert.Equal(StatusCode.AlreadyExists, ours.StatusCode);
        Assert.Contains("port 20852/tcp", ours.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("default/web", ours.Status.Detail, StringComparison.Ordinal);

        using var listener = new TcpListener(IPAddress.Any, 20854);
        listener.Start();
        var theirs = await Assert.ThrowsAsync<RpcException>(() => rig.AttachAsync("late", (20854, 80)));
        Assert.Contains($"process {Environment.ProcessId}", theirs.Status.Detail, StringComparison.Ordinal);

        Assert.Equal("web", Assert.Single((await rig.Client.ListAttachmentsAsync(new ListAttachmentsRequest())).Attachments).SandboxId);
        listener.Stop();
        await rig.AttachAsync("late", (20853, 81), (20854, 80));
    }

    [RootFact]
    public async Task A_port_of_zero_is_chosen_and_returned()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var attachment = await rig.AttachAsync("web", (0, 80));
        uint port = Assert.Single(attachment.PortMappings).HostPort;
        using var server = Wire.Serve(attachment.NetnsPath, 80, "chosen");
        Assert.Equal("chosen", await Wire.AskAsync(IPAddress.Loopback, (int)port));
    }

    [RootFact]
    public async Task An_exhausted_range_is_said_and_serves_again_after_a_detach()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var subnet = Wire.SubnetOf(rig.Instance + "x");
        string small = $"{subnet.At(0)}/30";
        await rig.Client.CreateNetworkAsync(new CreateNetworkRequest { Name = "small", Subnets = { new Subnet { Subnet_ = small } } });
        var request = rig.Request("one");
        request.Networks.Add("small");
        await rig.Client.AttachAsync(request);

        var second = rig.Request("two");
        second.Networks.Add("small");
        var error = await Assert.ThrowsAsync<RpcException>(() => rig.Client.AttachAsync(second).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("small", error.Status.Detail, StringComparison.Ordinal);

        var inUse = await Assert.ThrowsAsync<RpcException>(() => rig.Client.RemoveNetworkAsync(new RemoveNetworkRequest { Network = "small" }).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, inUse.StatusCode);
        Assert.Contains("default/one", inUse.Status.Detail, StringComparison.Ordinal);

        await rig.DetachAsync("one");
        await rig.Client.AttachAsync(second);
        await rig.DetachAsync("two");
        await rig.Client.RemoveNetworkAsync(new RemoveNetworkRequest { Network = "small" });
    }

    [RootFact]
    public async Task A_sandbox_on_two_networks_has_a_link_on_each()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await rig.Client.CreateNetworkAsync(new CreateNetworkRequest { Name = "back", Internal = true, Subnets = { new Subnet { Subnet_ = Wire.SubnetOf(rig.Instance + "b").ToString() } } });
        var request = rig.Request("both");
        request.Networks.AddRange(["bridge", "back"]);
        var attachment = (await rig.Client.AttachAsync(request)).Attachment;
        Assert.Equal(["eth0", "eth1"], attachment.Endpoints.Select(endpoint => endpoint.InterfaceName));
        using var server = Wire.Serve(attachment.NetnsPath, 80, "both");
        foreach (var endpoint in attachment.Endpoints)
        {
            Assert.Equal("both", await Wire.AskAsync(IPAddress.Parse(endpoint.Addresses[0].Split('/')[0]), 80));
        }

        await rig.DetachAsync("both");
        await rig.Client.RemoveNetworkAsync(new RemoveNetworkRequest { Network = "back" });
    }

    [RootFact]
    public async Task None_gives_loopback_only_and_host_gives_no_namespace()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var none = rig.Request("lonely");
        none.Networks.Add("none");
        var lonely = (await rig.Client.AttachAsync(none)).Attachment;
        using (var space = NetworkNamespace.Open(lonely.NetnsPath))
        {
            Assert.Equal(["lo"], space.Run(() => System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()).Select(link => link.Name));
        }

        var host = rig.Request("open", (80, 80));
        host.Networks.Add("host");
        var open = (await rig.Client.AttachAsync(host)).Attachment;
        Assert.Equal(("", 0, 0), (open.NetnsPath, open.Endpoints.Count, open.PortMappings.Count));
    }

    [RootFact]
    public async Task A_second_network_of_the_same_name_is_the_first_one_or_is_refused()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var request = new CreateNetworkRequest { Name = "shop", Subnets = { new Subnet { Subnet_ = Wire.SubnetOf(rig.Instance + "s").ToString() } } };
        var first = (await rig.Client.CreateNetworkAsync(request)).Network;
        Assert.Equal(first, (await rig.Client.CreateNetworkAsync(request)).Network);
        request.Mtu = 1400;
        var refused = await Assert.ThrowsAsync<RpcException>(() => rig.Client.CreateNetworkAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
        Assert.Contains("\"shop\" exists already", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(1500u, (await rig.Client.InspectNetworkAsync(new InspectNetworkRequest { Network = "shop" })).Network.Mtu);
    }

    [RootFact]
    public async Task Overlapping_subnets_are_refused_by_name()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        var overlapping = new CreateNetworkRequest { Name = "again", Subnets = { new Subnet { Subnet_ = Wire.SubnetOf(rig.Instance).ToString() } } };
        var error = await Assert.ThrowsAsync<RpcException>(() => rig.Client.CreateNetworkAsync(overlapping).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("network bridge", error.Status.Detail, StringComparison.Ordinal);
    }
}
