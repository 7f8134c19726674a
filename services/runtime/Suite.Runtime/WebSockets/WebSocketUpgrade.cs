using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Suite.Runtime.WebSockets;

/// <summary>The server's half of RFC 6455's handshake.</summary>
internal static class WebSocketUpgrade
{
    // Section 1.3: every server appends this to the client's key.
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public static bool IsAsked(HttpRequest request) =>
        request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
        && request.Headers.SecWebSocketVersion == "13"
        && Convert.TryFromBase64String(request.Headers.SecWebSocketKey.ToString(), stackalloc byte[24], out var length)
        && length == 16;

    public static IReadOnlyCollection<string> Protocols(HttpRequest request) =>
        [.. request.Headers.SecWebSocketProtocol.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <param name="protocol">Null: none was agreed on.</param>
    public static async Task<WebSocket> AcceptAsync(HttpContext http, string? protocol)
    {
        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.SecWebSocketAccept = Answer(http.Request.Headers.SecWebSocketKey.ToString());
        if (protocol is not null)
            http.Response.Headers.SecWebSocketProtocol = protocol;
        var transport = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
        return WebSocket.CreateFromStream(transport, new WebSocketCreationOptions { IsServer = true });
    }

    // SHA-1 is what the RFC says; nothing rests on its strength.
#pragma warning disable CA5350
    public static string Answer(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350
}
