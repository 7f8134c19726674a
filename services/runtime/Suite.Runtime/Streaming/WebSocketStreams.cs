using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Suite.Runtime.PortForwards;
using Suite.Runtime.WebSockets;

namespace Suite.Runtime.Streaming;

/// <summary>Serves requests that come over a WebSocket.</summary>
internal sealed class WebSocketStreams(
    RemoteExec exec, RemoteAttach attach, WebSocketForward forward, SpdyStreams spdy, StreamingOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const int MostPorts = 64;

    public async Task ServeAsync(StreamRequest request, HttpContext http)
    {
        var theirs = WebSocketUpgrade.Protocols(http.Request);
        var tunnel = request is PortForwardRequest && theirs.Contains(StreamProtocols.TunnelledPortForward);
        // A client that names none speaks the first version, before there were names.
        var chosen = theirs.Count == 0 ? (Name: "", Protocol: new StreamProtocol(3, false)) : StreamProtocols.Choose(StreamProtocols.OverWebSocket, theirs);
        if (chosen is not { } agreed && !tunnel)
        {
            await StreamServer.RefuseAsync(http, StatusCodes.Status403Forbidden, $"unable to upgrade: none of the protocols [{string.Join(", ", theirs)}] is known").ConfigureAwait(false);
            return;
        }
        var (name, protocol) = tunnel ? (StreamProtocols.TunnelledPortForward, default) : chosen!.Value;
        var ports = request is PortForwardRequest forwarded && !tunnel ? PortsOf(http.Request, forwarded) : [];
        if (ports is null || (ports.Count == 0 && request is PortForwardRequest && !tunnel))
        {
            await StreamServer.RefuseAsync(http, StatusCodes.Status400BadRequest, $"port: name 1 to {MostPorts} ports from 1 to 65535, as ?port=80&port=443").ConfigureAwait(false);
            return;
        }
        using var liveness = new Liveness(TimeSpan.FromSeconds(options.IdleSeconds), time, lifetime.ApplicationStopping);
        var socket = await WebSocketUpgrade.AcceptAsync(http, name.Length > 0 ? name : null).ConfigureAwait(false);
        if (tunnel)
        {
            using (socket)
                await spdy.RunAsync(request, default, new WebSocketTunnel(socket), liveness).ConfigureAwait(false);
            return;
        }
        await CarryAsync(request, protocol, ports, socket, liveness).ConfigureAwait(false);
    }

    private async Task CarryAsync(StreamRequest request, StreamProtocol protocol, IReadOnlyList<int> ports, System.Net.WebSockets.WebSocket socket, Liveness liveness)
    {
        var incoming = request switch
        {
            ExecStreamRequest one => WebSocketRemoteStreams.Incoming(one.Streams),
            AttachStreamRequest one => WebSocketRemoteStreams.Incoming(one.Streams),
            _ => WebSocketForward.Incoming(ports),
        };
        using var channels = new WebSocketChannels(socket, protocol.Base64, incoming, liveness.Touch);
        var connection = channels.RunAsync(liveness.Over);
        try
        {
            await (request switch
            {
                ExecStreamRequest one => RunAsync(one.Streams, remote => exec.RunAsync(one, remote)),
                AttachStreamRequest one => RunAsync(one.Streams, remote => attach.RunAsync(one, remote)),
                PortForwardRequest one => forward.RunAsync(one, ports, channels, connection),
                _ => throw new NotSupportedException(),
            }).ConfigureAwait(false);
        }
        finally
        {
            liveness.End();
            await connection.ConfigureAwait(false);
        }

        async Task RunAsync(WantedStreams wanted, Func<RemoteStreams, Task<StreamEnd>> run)
        {
            var remote = new WebSocketRemoteStreams(channels, protocol, connection)
            {
                Input = channels[WebSocketRemoteStreams.StandardInput],
                Sizes = channels[WebSocketRemoteStreams.Resize],
            };
            await remote.BeginAsync(wanted).ConfigureAwait(false);
            var end = await run(remote).ConfigureAwait(false);
            await remote.EndAsync(end, liveness.Over).ConfigureAwait(false);
        }
    }

    /// <summary>Null: one of them is no port.</summary>
    private static IReadOnlyList<int>? PortsOf(HttpRequest request, PortForwardRequest forwarded)
    {
        var asked = request.Query["port"].SelectMany(line => (line ?? "").Split(',')).ToArray();
        if (asked.Length == 0)
            return forwarded.Ports;
        var ports = asked.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0).ToArray();
        return ports.Length <= MostPorts && ports.All(port => port is > 0 and < 65536) ? ports : null;
    }
}
