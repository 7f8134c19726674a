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
            using var store = new AttachmentStore(database);
            await store.AddAsync(Web, CancellationToken.None);
            await store.SetStateAsync("web", AttachmentState.Attached, CancellationToken.None);
        }

        using var again = Schema.Open(_folder.Path("network.db"));
        var network = Assert.Single(new NetworkStore(again).All());
        Assert.Equal(("id1", "b", true), (network.Id, network.Labels["a"], network.Bridge!.Isolated));
        Assert.Equal(Network.Bridge!.Subnets, network.Bridge.Subnets);
        using var second = new AttachmentStore(again);
        var read = Assert.Single(second.All());
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
        using var store = new AttachmentStore(database);
        await store.AddAsync(Web, CancellationToken.None);
        var now = DateTimeOffset.UnixEpoch + TimeSpan.FromHours(1);
        Remove(store, now);
        Assert.Empty(store.All());
        await store.FlushAsync(CancellationToken.None);
        Assert.Equal([("id1", Address, now), ("id1", IPAddress.Parse("fd53::2"), now)], store.Resting());

        await store.AddAsync(Web, CancellationToken.None);
        Remove(store, now + TimeSpan.FromMinutes(2));
        await store.FlushAsync(CancellationToken.None);
        Assert.All(store.Resting(), resting => Assert.Equal(now + TimeSpan.FromMinutes(2), resting.ReleasedAt));
    }

    [Fact]
    public async Task What_is_removed_is_gone_at_once_and_from_the_database_a_moment_later()
    {
        using var database = Schema.Open(_folder.Path("network.db"));
        using var store = new AttachmentStore(database);
        await store.AddAsync(Web, CancellationToken.None);
        await store.SetStateAsync("web", AttachmentState.Detaching, CancellationToken.None);
        Remove(store, DateTimeOffset.UnixEpoch);
        Assert.Null(store.Find("web"));
        // What a process that starts now would find is either nothing or one to take down.
        Assert.All(Rows(database), row => Assert.Equal("Detaching", row));
        for (var wait = 0; Rows(database).Count > 0; wait++)
        {
            Assert.InRange(wait, 0, 500);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task One_of_the_same_name_that_comes_before_the_old_one_is_written_off_stays()
    {
        using var database = Schema.Open(_folder.Path("network.db"));
        using var store = new AttachmentStore(database);
        await store.AddAsync(Web, CancellationToken.None);
        Remove(store, DateTimeOffset.UnixEpoch);
        await store.AddAsync(Web with { Network = "other" }, CancellationToken.None);
        await store.FlushAsync(CancellationToken.None);
        Assert.Equal(["Attaching"], Rows(database));
        Assert.Equal("other", store.Find("web")!.Network);
    }

    [Fact]
    public async Task A_write_that_fails_changes_nothing_and_forgets_no_removal()
    {
        using var database = Schema.Open(_folder.Path("network.db"));
        using var store = new AttachmentStore(database);
        await store.AddAsync(Web, CancellationToken.None);
        Remove(store, DateTimeOffset.UnixEpoch);
        // A value that the table forbids stands for a disk that is full.
        await Assert.ThrowsAnyAsync<Exception>(() => store.AddAsync(Web with { Sandbox = "bad", Asked = null! }, CancellationToken.None));
        Assert.Empty(store.All());
        await store.FlushAsync(CancellationToken.None);
        Assert.Empty(Rows(database));
    }

    [Fact]
    public async Task A_database_of_before_keeps_its_attachments()
    {
        using (var old = Suite.Hosting.Databases.Database.Open(_folder.Path("network.db"), Suite.Hosting.Databases.Durability.Process, Schema.First, Schema.DualStack))
        {
            await old.WriteAsync(
                session => session.Execute("INSERT INTO networks (id, name, driver, bridge, mtu, internal, labels, asked, created_at, subnets) VALUES ('id1', 'bridge', 'bridge', 'suite0', 1500, 0, '{}', '', 0, '10.88.0.0/16 10.88.0.1 10.88.0.0/16')")
                    + session.Execute("INSERT INTO attachments (sandbox, name, state, network, namespace, asked, created_at, details) VALUES ('web', 'default/web', 'Attached', 'bridge', '/run/x', 'asked', 7, '{}'), ('bare', 'bare', 'Attached', 'none', '/run/y', '', 8, '{}')")
                    + session.Execute("INSERT INTO links (sandbox, position, network, host_end, interface, addresses, mac, aliases) VALUES ('web', 1, 'id1', 'suite-2', 'eth1', '10.88.0.3/16', '02:53:0a:58:00:03', ''), ('web', 0, 'id1', 'suite-1', 'eth0', '10.88.0.2/16 fd53::2/64', '02:53:0a:58:00:02', 'www web.test')")
                    + session.Execute("INSERT INTO ports (sandbox, position, protocol, host_address, host_port, container_address, container_port) VALUES ('web', 0, 6, '0.0.0.0', 8080, '10.88.0.2', 80)")
                    + session.Execute("INSERT INTO resting (network, address, released_at) VALUES ('id1', '10.88.0.9', 5)"),
                CancellationToken.None);
        }

        using var database = Schema.Open(_folder.Path("network.db"));
        using var store = new AttachmentStore(database);
        var (web, bare) = (store.All()[0], store.All()[1]);
        Assert.Equal(("web", "bare", AttachmentState.Attached), (web.Sandbox, bare.Sandbox, web.State));
        Assert.Equal(["eth0", "eth1"], web.Links.Select(link => link.Interface));
        Assert.Equal(["10.88.0.2/16", "fd53::2/64"], web.Links[0].Addresses.Select(address => address.ToString()));
        Assert.Equal(["www", "web.test"], web.Links[0].Aliases);
        Assert.Equal([new PublishedPort(PortProtocol.Tcp, IPAddress.Any, 8080, Address, 80)], web.Ports);
        Assert.Empty(bare.Links);
        Assert.Single(store.Resting());
    }

    private static void Remove(AttachmentStore store, DateTimeOffset now)
    {
        var attachment = store.Find("web")!;
        store.Hide("web");
        store.WriteOff(attachment, now);
    }

    private static IReadOnlyList<string> Rows(Suite.Hosting.Databases.Database database) =>
        database.Read(session => session.Query("SELECT state FROM attachments", row => row.GetString(0)));

    [Fact]
    public async Task Another_boot_forgets_attachments_once()
    {
        using var database = Schema.Open(_folder.Path("network.db"));
        await new NetworkStore(database).AddAsync(Network, CancellationToken.None);
        using var store = new AttachmentStore(database);
        Assert.Equal(0, await store.ForgetOtherBootsAsync("one", CancellationToken.None));
        await store.AddAsync(Web, CancellationToken.None);
        Assert.Equal(0, await store.ForgetOtherBootsAsync("one", CancellationToken.None));
        Assert.Equal(1, await store.ForgetOtherBootsAsync("two", CancellationToken.None));
        Assert.Empty(store.All());
        Assert.Single(new NetworkStore(database).All());
    }
}
