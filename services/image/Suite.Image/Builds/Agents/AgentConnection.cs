using System.Net.Sockets;
using System.Threading.Channels;

namespace Suite.Image.Builds.Agents;

/// <summary>One program of a build in talk with an agent of the caller's.</summary>
internal sealed class AgentConnection(Socket socket) : IDisposable
{
    private const int PieceBytes = 32 << 10;

    /// <summary>Far more than an answer has (draft-miller-ssh-agent: 256 KiB); who reads nothing of so much is cut off.</summary>
    private const int MostWaiting = 64;

    private readonly Channel<ReadOnlyMemory<byte>> _answers = Channel.CreateBounded<ReadOnlyMemory<byte>>(MostWaiting);

    /// <summary>Never waits: behind one connection there are others, and the context.</summary>
    public void Receive(ReadOnlyMemory<byte> data, bool isLast)
    {
        if (isLast || !_answers.Writer.TryWrite(data)) _answers.Writer.TryComplete();
    }

    /// <summary>Until either side has ended.</summary>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, Task> ask)
    {
        var answering = AnswerAsync();
        var asking = AskAsync(ask);
        await Task.WhenAny(answering, asking).ConfigureAwait(false);
        _answers.Writer.TryComplete();
        socket.Dispose();
        await Task.WhenAll(answering, asking).ConfigureAwait(false);
    }

    public void Dispose() => socket.Dispose();

    private async Task AskAsync(Func<ReadOnlyMemory<byte>, Task> ask)
    {
        var buffer = new byte[PieceBytes];
        try
        {
            int length;
            while ((length = await socket.ReceiveAsync(buffer).ConfigureAwait(false)) > 0) await ask(buffer.AsMemory(0, length)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has gone.
        }
    }

    private async Task AnswerAsync()
    {
        try
        {
            await foreach (var answer in _answers.Reader.ReadAllAsync().ConfigureAwait(false)) await socket.SendAsync(answer).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has gone.
        }
    }
}
