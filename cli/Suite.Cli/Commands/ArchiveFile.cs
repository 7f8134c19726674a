using Google.Protobuf;
using Grpc.Core;
using Suite.Linux.Errors;

namespace Suite.Cli.Commands;

/// <summary>Archives between a call and a file or the standard streams.</summary>
internal static class ArchiveFile
{
    private const int PieceBytes = 256 * 1024;

    /// <summary>Writes under another name first: half an archive must not look like a whole one.</summary>
    /// <param name="path">Null: standard output, which must not be a terminal.</param>
    public static async Task ReceiveAsync<T>(
        Invocation call, string? path, IAsyncStreamReader<T> pieces, Func<T, ByteString> data, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            if (call.Session.Streams.OutputIsTerminal)
                throw new SuiteException(ErrorKind.InvalidArgument, "an archive is no text for a terminal: name a file with --output, or redirect standard output");
            await foreach (var piece in pieces.ReadAllAsync(cancellationToken))
                await call.Session.Streams.Output.WriteAsync(data(piece).Memory, cancellationToken);
            return;
        }

        var draft = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            await using (var file = File.Create(draft))
            {
                await foreach (var piece in pieces.ReadAllAsync(cancellationToken))
                    await file.WriteAsync(data(piece).Memory, cancellationToken);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"cannot write {path}: {e.Message}", e);
        }
        finally
        {
            if (File.Exists(draft)) File.Delete(draft);
        }
    }

    /// <param name="path">Null or "-": standard input.</param>
    public static Stream Open(Invocation call, string? path)
    {
        if (path is null or "-")
            return call.Session.Streams.InputIsTerminal
                ? throw new SuiteException(ErrorKind.InvalidArgument, "an archive is expected on standard input, and that is a terminal: name a file")
                : call.Session.Streams.Input;
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException(ErrorKind.NotFound, $"cannot read {path}: {e.Message}", e);
        }
    }

    /// <summary>Sends a file. A call that fails meanwhile ends the sending; its own error is the one to tell.</summary>
    public static async Task SendAsync<T>(Stream source, IClientStreamWriter<T> pieces, Func<ByteString, T> message, CancellationToken cancellationToken)
    {
        var buffer = new byte[PieceBytes];
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
                await pieces.WriteAsync(message(ByteString.CopyFrom(buffer, 0, read)), cancellationToken);
            await pieces.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException && !cancellationToken.IsCancellationRequested)
        {
        }
    }
}
