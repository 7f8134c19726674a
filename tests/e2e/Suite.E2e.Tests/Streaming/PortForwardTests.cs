using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Runtime.V1;
using Suite.E2e.Tests.Runtime;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using Suite.Testing.Streaming;

namespace Suite.E2e.Tests.Streaming;

/// <summary>CRI's PortForward: into a pod's own network and the host's, over everything that clients speak.</summary>
public sealed class PortForwardTests
{
    private const Need Needs = Need.Executables | Need.Busybox;
    private const string Answer = "read a; echo \"you said $a\"; cat";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [RootFact(Needs = Needs)]
    public async Task Connections_go_to_the_pods_loopback_side_by_side()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var pod = await rig.RunPodAsync();
        await rig.StartAsync(pod, "server", "busybox", "nc", "-ll", "-p", "8080", "-e", "sh", "-c", Answer);
        await UntilListeningAsync(rig, pod, 8080);

        await using (var client = await SpdyClient.ConnectAsync(await UrlAsync(rig, pod), "portforward.k8s.io"))
        {
            var (_, first) = await OpenAsync(client, 8080, 0);
            var (_, second) = await OpenAsync(client, 8080, 1);
            await client.SendAsync(first, "one\n");
            await client.SendAsync(second, "two\nthree", fin: true);
            await client.ReadUntilAsync(first, "you said one\n");
            // The half that was closed does not close the other: what comes back after it is heard.
            Assert.Equal("you said two\nthree", await client.ReadToEndAsync(second));
            await client.SendAsync(first, "still here", fin: true);
            Assert.Equal("you said one\nstill here", await client.ReadToEndAsync(first));

            var (error, refused) = await OpenAsync(client, 9, 2);
            Assert.Contains("cannot connect to port 9 of pod tests/pod", await client.ReadToEndAsync(error));
            Assert.Equal("", await client.ReadToEndAsync(refused));
        }

        using (var client = await WebSocketClient.ConnectAsync(await UrlAsync(rig, pod) + "?port=8080", "v4.channel.k8s.io"))
        {
            Assert.Equal([0, 0x90, 0x1F], await client.ReceiveAsync());
            Assert.Equal([1, 0x90, 0x1F], await client.ReceiveAsync());
            await client.SendAsync(0, "web\n");
            Assert.Equal("\0you said web\n", Encoding.UTF8.GetString((await client.ReceiveAsync())!));
        }

        // A whole SPDY connection in a WebSocket, as crictl and kubectl do it through proxies.
        await using var tunnelled = SpdyClient.Over(await TunnelAsync(await UrlAsync(rig, pod)));
        var (_, data) = await OpenAsync(tunnelled, 8080, 0);
        await tunnelled.SendAsync(data, "tunnel\n", fin: true);
        Assert.Equal("you said tunnel\n", await tunnelled.ReadToEndAsync(data));
    }

    [RootFact(Needs = Needs)]
    public async Task A_pod_on_the_hosts_network_is_reached_there()
    {
        await using var suite = await SuiteInstance.StartAsync();
        var rig = new KubernetesRig(suite);
        await rig.BuildImageAsync();
        var config = rig.PodConfig();
        config.Hostname = "";
        config.Linux.SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = new NamespaceOption { Network = NamespaceMode.Node } };
        var pod = await rig.RunPodAsync(config);
        var port = LoopbackPort.Free();
        await rig.StartAsync(pod, "server", "busybox", "nc", "-ll", "-p", $"{port}", "-e", "sh", "-c", Answer);
        await UntilListeningAsync(rig, pod, port);
        await using var client = await SpdyClient.ConnectAsync(await UrlAsync(rig, pod), "portforward.k8s.io");
        var (_, data) = await OpenAsync(client, port, 0);
        await client.SendAsync(data, "host\n", fin: true);
        Assert.Equal("you said host\n", await client.ReadToEndAsync(data));
    }

    // By hand: .NET's client takes no name of a protocol with a slash in it.
    private static async Task<Stream> TunnelAsync(string url)
    {
        var uri = new Uri(url);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(uri.Host, uri.Port, Token);
        var transport = new NetworkStream(socket, ownsSocket: true);
        await transport.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {uri.PathAndQuery} HTTP/1.1\r\nHost: {uri.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io\r\n\r\n"), Token);
        var head = "";
        var one = new byte[1];
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await transport.ReadAsync(one, Token) > 0)
            head += (char)one[0];
        Assert.Contains("HTTP/1.1 101 ", head);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head);
        Assert.Contains("Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io", head);
        return WebSocketStream.Create(WebSocket.CreateFromStream(transport, new WebSocketCreationOptions()), WebSocketMessageType.Binary, ownsWebSocket: true);
    }

    private static async Task<string> UrlAsync(KubernetesRig rig, string pod) =>
        (await rig.Runtime.PortForwardAsync(new PortForwardRequest { PodSandboxId = pod }, cancellationToken: Token)).Url;

    private static async Task<(uint Error, uint Data)> OpenAsync(SpdyClient client, int port, int request)
    {
        var error = await client.OpenAsync(("streamtype", "error"), ("port", $"{port}"), ("requestid", $"{request}"));
        await client.SendAsync(error, "", fin: true);
        return (error, await client.OpenAsync(("streamtype", "data"), ("port", $"{port}"), ("requestid", $"{request}")));
    }

    private static async Task UntilListeningAsync(KubernetesRig rig, string pod, int port)
    {
        while (true)
        {
            await using var client = await SpdyClient.ConnectAsync(await UrlAsync(rig, pod), "portforward.k8s.io");
            var (_, data) = await OpenAsync(client, port, 0);
            await client.SendAsync(data, "ready?\n", fin: true);
            if (await client.ReadToEndAsync(data) == "you said ready?\n")
                return;
            await Task.Delay(20, Token);
        }
    }
}
