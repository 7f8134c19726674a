using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Suite.Graph.V1;
using Suite.Linux.Errors;

namespace Suite.Cli.Contexts;

/// <summary>Sends a build's context: first the list with the digests of all files, then those files that the service asks for.</summary>
/// <param name="call">Cancelled when the context cannot be sent: half of one must not be built.</param>
internal sealed class ContextSending(BuildContext context, BuildWriter writer, CancellationTokenSource call)
{
    private const int EntriesAtOnce = 500;
    private const int PieceSize = 64 << 10;

    private readonly ConcurrentDictionary<ByteString, ContextFile> _files = [];
    private readonly Channel<ByteString> _wanted = Channel.CreateUnbounded<ByteString>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Files that the service asks for.</summary>
    public void Want(IEnumerable<ByteString> digests)
    {
        foreach (var digest in digests)
            _wanted.Writer.TryWrite(digest);
    }

    public async Task RunAsync()
    {
        try
        {
            await SendListAsync();
            var buffer = new byte[PieceSize];
            await foreach (var digest in _wanted.Reader.ReadAllAsync(call.Token))
                await SendFileAsync(digest, buffer);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException || (e is OperationCanceledException && call.IsCancellationRequested))
        {
            // The call is over, and its own status says why: cancelling now would put ours in its place.
        }
        catch
        {
            await call.CancelAsync();
            throw;
        }
    }

    private async Task SendListAsync()
    {
        foreach (var some in context.Files().Chunk(EntriesAtOnce))
        {
            var message = new BuildEntries();
            // Hashing is what takes time: on all processors, and while the list before is on its way.
            message.Entries.AddRange(await Task.Run(() => some.AsParallel().AsOrdered().WithCancellation(call.Token).Select(Entry).ToArray(), call.Token));
            await writer.WriteAsync(new BuildRequest { Entries = message }, call.Token);
        }

        await writer.WriteAsync(new BuildRequest { Entries = new BuildEntries { Last = true } }, call.Token);
    }

    private BuildEntry Entry(ContextFile file)
    {
        var entry = new BuildEntry { Path = file.Path, Mode = file.Mode, Size = (ulong)file.Size, LinkTarget = file.Link, ModifiedAt = file.ModifiedAt };
        if (!file.IsFile)
            return entry;
        using var stream = new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 128 << 10, FileOptions.SequentialScan);
        entry.Digest = ByteString.CopyFrom(SHA256.HashData(stream));
        _files.TryAdd(entry.Digest, file);
        return entry;
    }

    private async Task SendFileAsync(ByteString digest, byte[] buffer)
    {
        if (!_files.TryGetValue(digest, out var file))
            throw new SuiteException(ErrorKind.Internal, "suite-image asked for a file that the context does not have");
        await using var stream = new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        while (true)
        {
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, call.Token);
            var last = read < buffer.Length;
            await writer.WriteAsync(
                new BuildRequest { File = new BuildFile { Digest = digest, Data = ByteString.CopyFrom(buffer, 0, read), Last = last } }, call.Token);
            if (last)
                break;
        }
    }
}
