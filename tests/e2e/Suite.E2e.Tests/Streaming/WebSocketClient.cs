using System.Net.WebSockets;
using System.Text;

namespace Suite.E2e.Tests.Streaming;

/// <summary>Kubernetes' channels over a WebSocket, from the client's side.</summary>
internal sealed class WebSocketClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string? Protocol => _socket.SubProtocol;

    public static async Task<WebSocketClient> ConnectAsync(string url, params string[] protocols)
    {
        var client = new WebSocketClient();
        foreach (var protocol in protocols)
            client._socket.Options.AddSubProtocol(protocol);
        client._socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=suite-tests";
        await client._socket.ConnectAsync(new Uri(url.Replace("http", "ws", StringComparison.Ordinal)), Token);
        return client;
    }

    public Task SendAsync(byte channel, byte[] data) =>
        _socket.SendAsync((byte[])[channel, .. data], WebSocketMessageType.Binary, endOfMessage: true, Token);

    public Task SendAsync(byte channel, string text) => SendAsync(channel, Encoding.UTF8.GetBytes(text));

    public Task SendTextAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Token);

    /// <summary>One whole message; null when the server has closed.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        var message = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Token);
                return null;
            }
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return message.ToArray();
        }
    }

    /// <summary>All that comes on each channel until the server closes.</summary>
    public async Task<Dictionary<int, string>> ReadToEndAsync()
    {
        var channels = new Dictionary<int, string>();
        while (await ReceiveAsync() is { } message)
            channels[message[0]] = channels.GetValueOrDefault(message[0], "") + Encoding.UTF8.GetString(message[1..]);
        return channels;
    }

    public void Dispose() => _socket.Dispose();
}
