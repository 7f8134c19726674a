using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Suite.Runtime.PortForwards;
using Suite.Runtime.Spdy;

namespace Suite.Runtime.Streaming;

/// <summary>Serves requests that come over SPDY/3.1, as kubelet's do.</summary>
internal sealed class SpdyStreams(
    RemoteExec exec, RemoteAttach attach, SpdyForward forward, StreamingOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const string Protocol = "SPDY/3.1";
    private const string VersionHeader = "X-Stream-Protocol-Version";
    private const string AcceptedHeader = "X-Accepted-Stream-Protocol-Versions";

    public static bool IsAsked(HttpRequest request) => request.Headers.Upgrade.ToString().Equals(Protocol, StringComparison.OrdinalIgnoreCase);

    public async Task ServeAsync(StreamRequest request, HttpContext http)
    {
        // One name a line, or several with commas between: both are seen.
        var theirs = http.Request.Headers[VersionHeader].SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).ToArray();
        var forwarding = request is PortForwardRequest;
        IReadOnlyList<(string Name, StreamProtocol Protocol)> ours = forwarding ? [(StreamProtocols.PortForward, default)] : StreamProtocols.OverSpdy;
        if (StreamProtocols.Choose(ours, theirs) is not { } chosen)
        {
            http.Response.Headers[AcceptedHeader] = string.Join(", ", ours.Select(protocol => protocol.Name));
            await StreamServer.RefuseAsync(http, StatusCodes.Status403Forbidden, $"unable to upgrade: the client knows the protocols [{string.Join(", ", theirs)}], the server {string.Join(", ", ours.Select(protocol => protocol.Name))}").ConfigureAwait(false);
            return;
        }
        http.Response.Headers.Upgrade = Protocol;
        http.Response.Headers[VersionHeader] = chosen.Name;
        var transport = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
        using var liveness = new Liveness(TimeSpan.FromSeconds(options.IdleSeconds), time, lifetime.ApplicationStopping);
        await RunAsync(request, chosen.Protocol, transport, liveness).ConfigureAwait(false);
    }

    /// <summary>Until the client has gone.</summary>
    public async Task RunAsync(StreamRequest request, StreamProtocol protocol, Stream transport, Liveness liveness)
    {
        using var session = new SpdySession(transport, liveness.Touch);
        var connection = session.RunAsync(liveness.Over);
        try
        {
            if (request is PortForwardRequest ports)
                await forward.RunAsync(ports, session).ConfigureAwait(false);
            else
                await CarryAsync(request, protocol, session, connection, liveness).ConfigureAwait(false);
        }
        finally
        {
            // Closing the transport is what ends the reading, if the client has not done so.
            await transport.DisposeAsync().ConfigureAwait(false);
            liveness.End();
            await connection.ConfigureAwait(false);
        }
    }

    private async Task CarryAsync(StreamRequest request, StreamProtocol protocol, SpdySession session, Task connection, Liveness liveness)
    {
        var (wanted, run) = request switch
        {
            ExecStreamRequest one => (one.Streams, (Func<RemoteStreams, Task<StreamEnd>>)(remote => exec.RunAsync(one, remote))),
            AttachStreamRequest one => (one.Streams, remote => attach.RunAsync(one, remote)),
            _ => throw new NotSupportedException(),
        };
        var remote = await SpdyRemoteStreams.OpenAsync(session, protocol, wanted, connection, time).ConfigureAwait(false);
        var end = await run(remote).ConfigureAwait(false);
        await remote.EndAsync(end, liveness.Over).ConfigureAwait(false);
        await session.GoAwayAsync(liveness.Over).ConfigureAwait(false);
    }
}
