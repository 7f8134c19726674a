using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Suite.Linux.Namespaces;
using Suite.Network.Names;
using Suite.Network.V1;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Network;

/// <summary>Names on user networks, asked as a container asks: from inside its namespace, at the address in its resolv.conf.</summary>
public sealed class NameTests
{
    private const ushort A = 1, Ptr = 12, Aaaa = 28;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [RootFact]
    public async Task Sandboxes_find_each_other_by_name_alias_id_and_address_on_their_own_networks_alone()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await EndpointTests.CreateAsync(rig, "back", "b", ipv6: true);
        await EndpointTests.CreateAsync(rig, "other", "o");
        var web = await AttachAsync(rig, "web", "back", "www", "Web.Test");
        var asks = await AttachAsync(rig, "asks", "back");
        var stranger = await AttachAsync(rig, "stranger", "other");
        Assert.Equal([asks.Endpoints[0].Gateways[0]], asks.Dns.Servers);

        var (v4, v6) = (EndpointTests.AddressOf(web), EndpointTests.AddressOf(web, isIpv6: true));
        foreach (string name in new[] { "web", "WEB", "www", "web.test", "web.back" })
        {
            Assert.Equal([v4], Addresses(await AskAsync(asks, name, A)));
            Assert.Equal([v6], Addresses(await AskAsync(asks, name, Aaaa)));
        }

        Assert.Equal(DnsCode.NameError, Code(await AskAsync(stranger, "web", A)));
        Assert.Equal(DnsCode.NameError, Code(await AskAsync(asks, "nobody", A)));
        string reversed = string.Join('.', v4.GetAddressBytes().Reverse()) + ".in-addr.arpa";
        Assert.Contains("web", System.Text.Encoding.ASCII.GetString(await AskAsync(asks, reversed, Ptr)), StringComparison.Ordinal);
        // A type that we have nothing of: the name exists, and somebody else is not asked about it.
        var none = await AskAsync(asks, "web", 16);
        Assert.Equal((DnsCode.NoError, 0), (Code(none), Addresses(none).Count));

        Assert.Equal([v4], Addresses(await AskTcpAsync(asks, "web", A)));
        await rig.StopAsync();
        await rig.StartAsync();
        Assert.Equal([v4], Addresses(await AskAsync(asks, "web", A)));
        await rig.DetachAsync("web");
        Assert.Equal(DnsCode.NameError, Code(await AskAsync(asks, "web", A)));
    }

    [RootFact]
    public async Task What_is_not_ours_is_asked_of_the_sandboxs_servers_and_never_from_an_internal_network()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await EndpointTests.CreateAsync(rig, "back", "b");
        await EndpointTests.CreateAsync(rig, "inside", "i", change: request => request.Internal = true);
        var server = await AttachAsync(rig, "server", "back");
        using var upstream = ServeNames(server.NetnsPath);
        var outside = await AttachAsync(rig, "outside", "back", request => request.Dns = new DnsSettings { Servers = { EndpointTests.AddressOf(server).ToString() }, Searches = { "test" } });
        Assert.Equal(["test"], outside.Dns.Searches);
        Assert.Equal([IPAddress.Parse("203.0.113.9")], Addresses(await AskAsync(outside, "example.org", A)));
        var inside = await AttachAsync(rig, "inside", "inside", request => request.Dns = new DnsSettings { Servers = { EndpointTests.AddressOf(server).ToString() } });
        Assert.Equal(DnsCode.NameError, Code(await AskAsync(inside, "example.org", A)));

        // A server that says nothing is an answer too, in time.
        var lost = await AttachAsync(rig, "lost", "back", request => request.Dns = new DnsSettings { Servers = { EndpointTests.AddressOf(outside).ToString() } });
        Assert.Equal(DnsCode.ServerFailure, Code(await AskAsync(lost, "example.org", A)));
    }

    [RootFact]
    public async Task A_link_is_a_name_of_the_asker_alone_and_a_line_of_hosts_on_the_default_network()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await EndpointTests.CreateAsync(rig, "back", "b");
        var db = await AttachAsync(rig, "db", "back");
        var app = await AttachAsync(rig, "app", "back", request => request.Links.Add(new SandboxLink { Sandbox = "db", Alias = "database" }));
        var other = await AttachAsync(rig, "other", "back");
        Assert.Equal([EndpointTests.AddressOf(db)], Addresses(await AskAsync(app, "database", A)));
        Assert.Equal(DnsCode.NameError, Code(await AskAsync(other, "database", A)));

        var plain = await rig.AttachAsync("plain");
        var request = rig.Request("linked");
        request.Links.Add(new SandboxLink { Sandbox = "plain", Alias = "p" });
        var linked = (await rig.Client.AttachAsync(request)).Attachment;
        Assert.Contains(new HostEntry { Address = EndpointTests.AddressOf(plain).ToString(), Names = { "p", "plain" } }, linked.Hosts);
        Assert.Empty(linked.Dns.Servers);
    }

    [RootFact]
    public async Task Garbage_and_greed_do_not_stop_the_others()
    {
        await using var rig = await ServiceRig.StartAsync(InstanceName.OfCaller());
        await EndpointTests.CreateAsync(rig, "back", "b");
        var web = await AttachAsync(rig, "web", "back");
        var greedy = await AttachAsync(rig, "greedy", "back");
        var server = IPAddress.Parse(greedy.Dns.Servers[0]);
        using var space = NetworkNamespace.Open(greedy.NetnsPath);

        // Connections that say nothing, or half a message, and do not end: a few are served, the rest are closed at once.
        var silent = Enumerable.Range(0, 20).Select(_ => space.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))).ToList();
        foreach (var socket in silent)
        {
            await socket.ConnectAsync(server, 53);
            await TrySendAsync(socket, [0, 200, 1]);
        }

        using var udp = space.Run(() => new UdpClient(AddressFamily.InterNetwork));
        var random = new Random(20891);
        for (int i = 0; i < 500; i++)
        {
            var garbage = new byte[random.Next(64)];
            random.NextBytes(garbage);
            await udp.SendAsync(garbage, new IPEndPoint(server, 53));
        }

        Assert.Equal([EndpointTests.AddressOf(web)], Addresses(await AskTcpAsync(web, "web", A)));
        Assert.Equal([EndpointTests.AddressOf(web)], Addresses(await AskAsync(greedy, "web", A)));
        silent.ForEach(socket => socket.Dispose());
    }

    private static Task<Attachment> AttachAsync(ServiceRig rig, string sandbox, string network, params string[] aliases) =>
        AttachAsync(rig, sandbox, network, request => request.Endpoints[0].Aliases.Add(aliases));

    private static async Task<Attachment> AttachAsync(ServiceRig rig, string sandbox, string network, Action<AttachRequest> change)
    {
        var request = rig.Request(sandbox);
        request.Endpoints.Add(new EndpointSettings { Network = network });
        change(request);
        return (await rig.Client.AttachAsync(request)).Attachment;
    }

    private static async Task<byte[]> AskAsync(Attachment client, string name, ushort type)
    {
        using var space = NetworkNamespace.Open(client.NetnsPath);
        using var socket = space.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        using var limit = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(IPAddress.Parse(client.Dns.Servers[0]), 53, limit.Token);
        await socket.SendAsync(Query(name, type), limit.Token);
        var buffer = new byte[4096];
        return buffer[..await socket.ReceiveAsync(buffer, limit.Token)];
    }

    private static async Task<byte[]> AskTcpAsync(Attachment client, string name, ushort type)
    {
        using var space = NetworkNamespace.Open(client.NetnsPath);
        using var socket = space.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        using var limit = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(IPAddress.Parse(client.Dns.Servers[0]), 53, limit.Token);
        await using var stream = new NetworkStream(socket);
        await TcpMessage.WriteAsync(stream, Query(name, type), limit.Token);
        return (await TcpMessage.ReadAsync(stream, ushort.MaxValue, limit.Token))!;
    }

    private static byte[] Query(string name, ushort type) => [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. DnsName.Write(name), (byte)(type >> 8), (byte)type, 0, 1];

    private static DnsCode Code(byte[] answer) => (DnsCode)(answer[3] & 15);

    private static List<IPAddress> Addresses(byte[] answer)
    {
        Assert.Equal([0x12, 0x34], answer[..2]);
        int position = DnsMessage.HeaderBytes;
        Assert.NotNull(DnsName.Read(answer, ref position));
        position += 4;
        var found = new List<IPAddress>();
        for (int left = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6)); left > 0; left--)
        {
            Assert.NotNull(DnsName.Read(answer, ref position));
            int length = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(position + 8));
            if (BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(position)) is A or Aaaa)
            {
                found.Add(new IPAddress(answer.AsSpan(position + 10, length)));
            }

            position += 10 + length;
        }

        return found;
    }

    /// <summary>A server that knows one address for every name.</summary>
    private static Socket ServeNames(string namespacePath)
    {
        using var space = NetworkNamespace.Open(namespacePath);
        var socket = space.Run(() =>
        {
            var made = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            made.Bind(new IPEndPoint(IPAddress.Any, 53));
            return made;
        });
        _ = Task.Run(async () =>
        {
            var buffer = new byte[4096];
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                byte[] query = buffer[..got.ReceivedBytes];
                var question = DnsMessage.Read(query, out _)!;
                await socket.SendToAsync(DnsAnswer.Addresses(query, question, [IPAddress.Parse("203.0.113.9")], 512), got.RemoteEndPoint);
            }
        });
        return socket;
    }

    private static async Task TrySendAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Closed already, which is what it is for.
        }
    }
}
