using System.IO.Pipelines;
using System.Net.Sockets;
using Suite.Linux.Errors;

namespace Suite.Runtime.PortForwards;

/// <summary>One connection into a pod, carried over whatever the client speaks.</summary>
/// <param name="FromClient">What goes into the pod.</param>
/// <param name="ToClient">What comes out of it; returns when the connection has taken it.</param>
/// <param name="EndToClient">The pod's side has said all.</param>
/// <param name="Fail">Tells the client a sentence.</param>
internal sealed record ForwardedConnection(
    PipeReader FromClient,
    Func<ReadOnlyMemory<byte>, CancellationToken, Task> ToClient,
    Func<CancellationToken, Task> EndToClient,
    Func<string, CancellationToken, Task> Fail)
{
    private const int Chunk = 32 << 10;

    /// <summary>Until both directions have ended. Never throws but for cancellation.</summary>
    public async Task CarryAsync(PodDialer dialer, string podId, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await dialer.ConnectAsync(podId, port, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(InAsync(socket, cancellationToken), OutAsync(socket, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SuiteException or SocketException)
        {
            await FailAsync($"an error occurred forwarding {port}: {failure.Message}", cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The client has gone: there is nobody to tell.
        }
        finally
        {
            await FromClient.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task InAsync(Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            ReadResult read;
            do
            {
                read = await FromClient.ReadAsync(cancellationToken).ConfigureAwait(false);
                foreach (var part in read.Buffer)
                {
                    for (var sent = 0; sent < part.Length;)
                        sent += await socket.SendAsync(part[sent..], SocketFlags.None, cancellationToken).ConfigureAwait(false);
                }
                FromClient.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The pod's side has closed: what it still says comes the other way.
            await FromClient.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task OutAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        while (await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, cancellationToken).ConfigureAwait(false) is var read and > 0)
            await ToClient(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        await EndToClient(cancellationToken).ConfigureAwait(false);
    }

    private async Task FailAsync(string sentence, CancellationToken cancellationToken)
    {
        try
        {
            await Fail(sentence, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The client has gone: there is nobody to tell.
        }
    }
}
