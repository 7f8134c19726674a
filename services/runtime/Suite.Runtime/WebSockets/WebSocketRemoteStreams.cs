using System.Text;
using Suite.Runtime.Streaming;

namespace Suite.Runtime.WebSockets;

/// <summary>A process's streams over a WebSocket, in the channels that Kubernetes numbered.</summary>
internal sealed class WebSocketRemoteStreams(WebSocketChannels channels, StreamProtocol protocol, Task connection) : RemoteStreams
{
    public const int StandardInput = 0, Output = 1, ErrorOutput = 2, Error = 3, Resize = 4;

    public override CancellationToken Gone => channels.Gone;

    public static IReadOnlyCollection<int> Incoming(WantedStreams wanted) =>
        [.. new[] { wanted.Input ? StandardInput : -1, wanted.Terminal ? Resize : -1 }.Where(channel => channel >= 0)];

    /// <summary>An empty message tells the client that the connection stands, before the process says anything.</summary>
    public Task BeginAsync(WantedStreams wanted) =>
        channels.SendAsync(wanted.Output ? Output : wanted.Error ? ErrorOutput : Error, default, Gone);

    public override Task WriteAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        channels.SendAsync(isError ? ErrorOutput : Output, data, cancellationToken);

    public override async Task EndAsync(StreamEnd end, CancellationToken cancellationToken)
    {
        var said = protocol.HasStatus ? end.ToJson() : Encoding.UTF8.GetBytes(end.ToText());
        if (said.Length > 0)
            await channels.SendAsync(Error, said, cancellationToken).ConfigureAwait(false);
        await channels.CloseAsync(cancellationToken).ConfigureAwait(false);
        await connection.WaitAsync(Farewell, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
