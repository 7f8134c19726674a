using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Suite.Linux.Errors;
using Suite.Runtime.WebSockets;

namespace Suite.Runtime.Streaming;

/// <summary>The HTTP side of CRI's Exec, Attach and PortForward: /exec/TICKET and so on, each good for one upgrade.</summary>
internal sealed class StreamServer(StreamTickets tickets, SpdyStreams spdy, WebSocketStreams webSockets)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in (string[])["exec", "attach", "portforward"])
        {
            routes.Map($"/{path}/{{ticket}}", (RequestDelegate)(http =>
                ((StreamServer)http.RequestServices.GetService(typeof(StreamServer))!).ServeAsync(path, http)));
        }
    }

    private async Task ServeAsync(string path, HttpContext http)
    {
        var (isSpdy, isWebSocket) = (SpdyStreams.IsAsked(http.Request), WebSocketUpgrade.IsAsked(http.Request));
        if (http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } || !(isSpdy || isWebSocket))
        {
            // The ticket stays good: what came is not the client that it was given to.
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "unable to upgrade: the request asks for neither SPDY/3.1 nor a WebSocket").ConfigureAwait(false);
            return;
        }
        if (tickets.Redeem(path, http.Request.RouteValues["ticket"] as string ?? "") is not { } request)
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, "there is no such stream: its address was used, is too old, or never was one").ConfigureAwait(false);
            return;
        }
        // A shell may be silent for as long as its user thinks: the limit is our own, for idleness.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } outgoing)
            outgoing.MinDataRate = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } incoming)
            incoming.MinDataRate = null;
        try
        {
            await (isSpdy ? spdy.ServeAsync(request, http) : webSockets.ServeAsync(request, http)).ConfigureAwait(false);
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or SuiteException or ObjectDisposedException or System.Net.WebSockets.WebSocketException)
        {
            // The client went away, or did not keep to the protocol: the connection closes with the request, which says it.
        }
    }

    internal static async Task RefuseAsync(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsync(sentence + "\n", http.RequestAborted).ConfigureAwait(false);
    }
}
