using System.Buffers.Text;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;

namespace Suite.Runtime.WebSockets;

/// <summary>
/// Several channels over one WebSocket: the first byte of each message is the channel's number, a digit where messages are
/// base64. What the client sends waits in pipes, up to a bound; then the socket is read no further.
/// </summary>
internal sealed class WebSocketChannels : IDisposable
{
    /// <summary>v5: {255, n} ends channel n.</summary>
    public const byte Close = 255;

    private const int Waiting = 128 << 10;
    private const int Chunk = 32 << 10;
    private const int LongestText = 1 << 20;

    private readonly WebSocket _socket;
    private readonly bool _base64;
    private readonly Action _alive;
    private readonly Pipe?[] _pipes;
    private readonly bool[] _ended;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _gone = new();

    /// <param name="incoming">The channels that the client may send on.</param>
    public WebSocketChannels(WebSocket socket, bool base64, IReadOnlyCollection<int> incoming, Action alive)
    {
        (_socket, _base64, _alive) = (socket, base64, alive);
        var options = new PipeOptions(pauseWriterThreshold: Waiting, resumeWriterThreshold: Waiting / 2, useSynchronizationContext: false);
        _pipes = [.. Enumerable.Range(0, incoming.DefaultIfEmpty(-1).Max() + 1).Select(i => incoming.Contains(i) ? new Pipe(options) : null)];
        _ended = new bool[_pipes.Length];
    }

    /// <summary>Cancelled when the client is gone.</summary>
    public CancellationToken Gone => _gone.Token;

    public PipeReader? this[int channel] => channel < _pipes.Length ? _pipes[channel]?.Reader : null;

    /// <summary>Reads until the client closes or is cut off; never throws for what a client does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        try
        {
            while (await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false))
                _alive();
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut off by the other side, or by us.
        }
        finally
        {
            await _gone.CancelAsync().ConfigureAwait(false);
            foreach (var pipe in _pipes)
                pipe?.Writer.Complete();
        }
    }

    public async Task SendAsync(int channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var message = _base64 ? Encoding.ASCII.GetBytes($"{channel}{Convert.ToBase64String(data.Span)}") : [(byte)channel, .. data.Span];
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _socket.SendAsync(message, _base64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
            // The client takes what it is sent: one that only listens is no less there than one that speaks.
            _alive();
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task CloseAsync(CancellationToken cancellationToken) => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);

    public void Dispose()
    {
        _turn.Dispose();
        _gone.Dispose();
        _socket.Dispose();
    }

    /// <summary>One message, handed on as it comes.</summary>
    private async Task<bool> ReceiveAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        var part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
        if (part.MessageType == WebSocketMessageType.Close)
            return false;
        if (_base64)
            return await ReceiveTextAsync(buffer, part, cancellationToken).ConfigureAwait(false);
        if (part.Count == 0)
            return part.EndOfMessage;
        var channel = buffer[0];
        if (channel == Close && part is { Count: 2, EndOfMessage: true })
        {
            if (Find(buffer[1]) is { } ended)
            {
                _ended[buffer[1]] = true;
                await ended.Writer.CompleteAsync().ConfigureAwait(false);
            }
            return true;
        }
        await HandOnAsync(channel, buffer.AsMemory(1, part.Count - 1), cancellationToken).ConfigureAwait(false);
        while (!part.EndOfMessage)
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            await HandOnAsync(channel, buffer.AsMemory(0, part.Count), cancellationToken).ConfigureAwait(false);
            _alive();
        }
        return true;
    }

    // Four digits may lie in two fragments: a text is put together first, and bounded for that.
    private async Task<bool> ReceiveTextAsync(byte[] buffer, ValueWebSocketReceiveResult part, CancellationToken cancellationToken)
    {
        var text = new MemoryStream();
        text.Write(buffer, 0, part.Count);
        while (!part.EndOfMessage)
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            text.Write(buffer, 0, part.Count);
            if (text.Length > LongestText)
                return false;
        }
        var message = text.GetBuffer().AsMemory(0, (int)text.Length);
        if (message.IsEmpty)
            return true;
        var data = new byte[Base64.GetMaxDecodedFromUtf8Length(message.Length)];
        if (Base64.DecodeFromUtf8(message.Span[1..], data, out _, out var count) != System.Buffers.OperationStatus.Done)
            return false;
        await HandOnAsync(message.Span[0] - '0', data.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task HandOnAsync(int channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (!data.IsEmpty && Find(channel) is { } pipe)
            await pipe.Writer.WriteAsync(data, cancellationToken).ConfigureAwait(false);
    }

    private Pipe? Find(int channel) => channel >= 0 && channel < _pipes.Length && !_ended[channel] ? _pipes[channel] : null;
}
