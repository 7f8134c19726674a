using System.Net;
using Suite.Network.Attachments;
using Suite.Network.Bridge.Links;
using Suite.Network.Bridge.Ports;
using Suite.Network.Networks;
using Suite.Network.State;
using Suite.Testing.Files;

namespace Suite.Network.Tests.Attachments;

public sealed class AttachmentStoreTests : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("10.88.0.2");

    private static readonly NetworkRecord Network = new(
        "id1", "bridge", "bridge",
        new BridgePart("suite0", [SubnetPart.Parse("10.88.0.0/16 10.88.0.1 10.88.0.0/16"), SubnetPart.Parse("fd53::/64 fd53::1 fd53::/80")], 1500, false, true),
        new Dictionary<string, string> { ["a"] = "b" }, "", DateTimeOffset.UnixEpoch);

    private static readonly AttachmentRecord Web = new(
        "web", "default/web", AttachmentState.Attaching, "bridge", "/run/x",
        [new LinkRecord("id1", "suite-b4cd5f", "eth0", [LinkAddress.Parse("10.88.0.2/16"), LinkAddress.Parse("fd53::2/64")], MacAddress.For(Address), ["www", "web.test"])],
        [new PublishedPort(PortProtocol.Tcp, IPAddress.Any, 8080, Address, 80), new PublishedPort(PortProtocol.Udp, IPAddress.Loopback, 53, Address, 53)],
        new AttachmentDetails { Dns = new DnsSettings(["10.0.0.1"], ["test"], ["ndots:1"]), Links = [new SandboxAlias("db", "database")] },
        "asked", DateTimeOffset.UnixEpoch);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_is_read_after_the_database_is_opened_again()
    {
        using (var database = Schema.Open(_folder.Path("network.db")))
        {
            await new NetworkStore(database).AddAsync(Network, CancellationToken.None);
            await new AttachmentStore(database).AddAsync(Web, CancellationToken.None);
            await new AttachmentStore(database).SetStateAsync("web", AttachmentState.Attached, CancellationToken.None);
        }

        using var again = Schema.Open(_folder.Path("network.db"));
        var network = Assert.Single(new NetworkStore(again).All());
        Assert.Equal(("id1", "b", true), (network.Id, network.Labels["a"], network.Bridge!.Isolated));
        Assert.Equal(Network.Bridge!.Subnets, network.Bridge.Subnets);
        var read = Assert.Single(new AttachmentStore(again).All());
        Assert.Equal(AttachmentState.Attached, read.State);
        Assert.Equal(Web.Links[0].Addresses, read.Links[0].Addresses);
        Assert.Equal(Web.Links[0].Aliases, read.Links[0].Aliases);
        Assert.Equal(Web.Links[0].HostEnd, read.Links[0].HostEnd);
        Assert.Equal(Web.Details.ToJson(), read.Details.ToJson());
        Assert.Equal(Web.Ports, read.Ports);
        Assert.Equal(Web.Asked, read.Asked);
    }

    [Fact]
    public async Task A_removed_attachment_leaves_its_address_to_rest()
    {
        using var database = Schema.Open(_folder.Path("network.db"));
        await new NetworkStore(database).AddAsync(Network, CancellationToken.None);
        var store = new AttachmentStore(database);
        await store.AddAsync(Web, CancellationToken.None);
        var now = DateTimeOffset.UnixEpoch + TimeSpan.FromHours(1);
        await store.RemoveAsync("web", now, CancellationToken.None);
        Assert.Empty(store.All());
        Assert.Equal([("id1", Address, now), ("id1", IPAddress.Parse("fd53::2"), now)], store.Resting());

        await store.AddAsync(Web, CancellationToken.None);
        await store.RemoveAsync("web", now + TimeSpan.FromMinutes(2), CancellationToken.None);
        Assert.All(store.Resting(), resting => Assert.Equal(now + TimeSpan.FromMinutes(2), resting.ReleasedAt));
    }

    [Fact]
    public async Task Another_boot_forgets_attachments_once()
    {
        using var database = Schema.Open(_folder.Path("network.db"));
        await new NetworkStore(database).AddAsync(Network, CancellationToken.None);
        var store = new AttachmentStore(database);
        Assert.Equal(0, await store.ForgetOtherBootsAsync("one", CancellationToken.None));
        await store.AddAsync(Web, CancellationToken.None);
        Assert.Equal(0, await store.ForgetOtherBootsAsync("one", CancellationToken.None));
        Assert.Equal(1, await store.ForgetOtherBootsAsync("two", CancellationToken.None));
        Assert.Empty(store.All());
        Assert.Single(new NetworkStore(database).All());
    }
}
