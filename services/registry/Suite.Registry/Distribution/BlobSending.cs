using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Suite.Registry.Blobs;
using Suite.Registry.Listening;
using Suite.Registry.Measurements;

namespace Suite.Registry.Distribution;

/// <summary>Sends a part of a blob as an answer's body: straight from its file where the connection can, through memory where it cannot.</summary>
internal sealed class BlobSending(RegistryMetrics metrics)
{
    // Goes by itself, in one block with the headers. With it the answer has begun, and a failure from then on cuts the connection.
    private const int FirstPiece = 16 * 1024;

    /// <param name="coming">The blob is not all there: each part is passed on when it has come.</param>
    public async Task SendAsync(HttpContext http, Digest digest, IBlobContent content, long position, long length, bool coming)
    {
        var body = http.Response.BodyWriter;
        var socket = content.File is null ? null : http.Features.Get<SocketWriter>();
        var piece = socket is null ? SocketBuffers.MemoryPiece : SocketBuffers.FilePiece;
        var end = position + length;
        if (content.Length < end)
            throw Damaged(digest, $"ends at byte {content.Length}");
        for (var begun = false; position < end; begun = true)
        {
            var wanted = (int)Math.Min(begun ? piece : FirstPiece, end - position);
            var fromFile = begun && socket is not null && socket.TryPut(body, content.File!, position, wanted);
            var put = fromFile ? wanted : await CopyAsync(content, body, position, coming ? 1 : wanted, wanted, http.RequestAborted).ConfigureAwait(false);
            if (put == 0)
                throw Damaged(digest, $"ends at byte {position}");
            metrics.Sent(put, fromFile);
            position += put;
            var flushed = await body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
            if (socket?.Unreadable is { } reason)
                throw Damaged(digest, $"cannot be read: {reason.Message}");
            if (flushed.IsCompleted)
            {
                // Nobody reads any more. Said to Kestrel too, which would otherwise miss the rest of what was announced, and log an error.
                http.Abort();
                return;
            }
        }
    }

    /// <summary>Reads into the body's memory. Returns how much: what is wanted, as little as suffices, or less at the end of the blob.</summary>
    private static async ValueTask<int> CopyAsync(IBlobContent content, PipeWriter body, long position, int least, int wanted, CancellationToken cancellationToken)
    {
        var copied = 0;
        while (copied < least)
        {
            var left = wanted - copied;
            var memory = body.GetMemory(Math.Min(BlockPool.BlockSize, left));
            var read = await content.ReadAsync(memory[..Math.Min(memory.Length, left)], position + copied, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;
            body.Advance(read);
            copied += read;
        }

        return copied;
    }

    private static SuiteException Damaged(Digest digest, string how) => new(ErrorKind.Corrupt, $"the content of blob {digest} {how}: push it again");
}
