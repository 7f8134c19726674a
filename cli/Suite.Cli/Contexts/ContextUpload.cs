using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using Suite.Graph.V1;

namespace Suite.Cli.Contexts;

/// <summary>Sends a build's context while it is being read from disk, in pieces that gRPC carries well.</summary>
internal static class ContextUpload
{
    private const int PieceSize = 64 << 10;

    /// <param name="call">Cancelled when the context cannot be sent completely: half of one must not be built.</param>
    public static async Task SendAsync(
        BuildContext context, IClientStreamWriter<BuildRequest> writer, CancellationTokenSource call)
    {
        try
        {
            await SendAsync(context, writer, call.Token);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The call is over, and its own status says why: cancelling now would put ours in its place.
        }
        catch
        {
            await call.CancelAsync();
            throw;
        }
    }

    private static async Task SendAsync(
        BuildContext context, IClientStreamWriter<BuildRequest> writer, CancellationToken cancellationToken)
    {
        // The pipe makes pieces of a tar's many small writes, and holds the disk back when the other side is slow.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 * PieceSize, resumeWriterThreshold: 2 * PieceSize));
        var filling = FillAsync(context, pipe.Writer, cancellationToken);
        while (true)
        {
            var result = await pipe.Reader.ReadAtLeastAsync(PieceSize, cancellationToken);
            var rest = result.Buffer;
            while (rest.Length >= PieceSize || (result.IsCompleted && !rest.IsEmpty))
            {
                var piece = rest.Slice(0, Math.Min(PieceSize, rest.Length));
                await writer.WriteAsync(new BuildRequest { Context = ByteString.CopyFrom(piece.ToArray()) }, cancellationToken);
                rest = rest.Slice(piece.End);
            }

            pipe.Reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
                break;
        }

        await filling;
        await writer.CompleteAsync();
    }

    private static async Task FillAsync(BuildContext context, PipeWriter pipe, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await using var stream = pipe.AsStream(leaveOpen: true);
            await context.WriteAsync(stream, cancellationToken);
        }
        catch (Exception e)
        {
            failure = e; // thrown out of the reader's side
        }

        await pipe.CompleteAsync(failure);
    }
}
