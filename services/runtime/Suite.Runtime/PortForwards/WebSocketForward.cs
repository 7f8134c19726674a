using System.Buffers.Binary;
using System.Text;
using Suite.Runtime.Streaming;
using Suite.Runtime.WebSockets;

namespace Suite.Runtime.PortForwards;

/// <summary>
/// Port forwarding over one WebSocket: the n-th port has channel 2n for its data and 2n+1 for an error. Each begins with the
/// port's number in two bytes, the lower one first.
/// </summary>
internal sealed class WebSocketForward(PodDialer dialer)
{
    public static IReadOnlyCollection<int> Incoming(IReadOnlyList<int> ports) => [.. ports.Select((_, i) => 2 * i)];

    public async Task RunAsync(PortForwardRequest request, IReadOnlyList<int> ports, WebSocketChannels channels, Task connection)
    {
        var all = ports.Select((port, i) => CarryAsync(request.PodId, port, i, channels)).ToArray();
        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!channels.Gone.IsCancellationRequested)
            await channels.CloseAsync(channels.Gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CarryAsync(string podId, int port, int index, WebSocketChannels channels)
    {
        var number = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)port);
        var (data, error) = (2 * index, (2 * index) + 1);
        await channels.SendAsync(data, number, channels.Gone).ConfigureAwait(false);
        await channels.SendAsync(error, number, channels.Gone).ConfigureAwait(false);
        await new ForwardedConnection(
            channels[data]!,
            (bytes, token) => channels.SendAsync(data, bytes, token),
            _ => Task.CompletedTask,
            (sentence, token) => channels.SendAsync(error, Encoding.UTF8.GetBytes(sentence), token)).CarryAsync(dialer, podId, port, channels.Gone).ConfigureAwait(false);
    }
}
