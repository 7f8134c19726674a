using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Native;

namespace Suite.Registry.Listening;

/// <summary>
/// The output of a connection, written to its socket by whoever flushes. Parts of files go out between what is in memory, by sendfile(2).
/// A flush ends when the kernel has taken all of it, so that a reader who is slow holds one piece and no more; it waits without a thread.
/// </summary>
internal sealed class SocketWriter(Socket socket, MemoryPool<byte> pool) : PipeWriter
{
    // Read and sent where sendfile(2) does not go on. While the socket is full this is a small part of what it takes when it has room again.
    private const int CopySize = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Piece> _pieces = [];
    private Memory<byte> _offered;
    private IMemoryOwner<byte>? _block;
    private int _filled;
    private long _unflushed;
    private bool _flushing;
    private bool _completed;

    /// <summary>A file could not be read: what was announced cannot be sent, and nothing after it will be.</summary>
    public IOException? Unreadable { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    /// <summary>Sends a part of a file with the next flush. The file stays open until then.</summary>
    /// <param name="body">The body of an answer on this connection: it counts what passes through it.</param>
    /// <returns>False: the body asks for memory of its own, as before the answer has begun or when it is cut off. Nothing was done.</returns>
    public bool TryPut(PipeWriter body, SafeFileHandle file, long position, int length)
    {
        _offered = new FilePart(file, position, length).Memory;
        if (!body.GetMemory().Equals(_offered))
        {
            _offered = default;
            return false;
        }

        body.Advance(length);
        return true;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _offered.IsEmpty ? Room(sizeHint) : _offered;

    public override Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).Span;

    public override void Advance(int bytes)
    {
        _unflushed += bytes;
        if (!MemoryMarshal.TryGetMemoryManager<byte, FilePart>(_offered, out var part))
        {
            _filled += bytes;
            return;
        }

        _offered = default;
        Seal();
        _pieces.Add(new Piece(null, part, bytes));
    }

    // Nothing that is sent can be called back, so a flush ends when it is done or when the connection is; Kestrel closes those that are too slow.
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
            _flushing = true;
        try
        {
            Seal();
            foreach (var piece in _completed ? [] : _pieces)
                await SendAsync(piece).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            (_completed, Unreadable) = (true, e);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client has gone, or Kestrel has ended the connection. Its receiving side tells why.
            _completed = true;
        }
        finally
        {
            lock (_lock)
            {
                _flushing = false;
                Release();
            }
        }

        // "Completed" would say that the client has left. What is wrong with a file is for the one who put it in to tell.
        return new FlushResult(isCanceled: false, isCompleted: _completed && Unreadable is null);
    }

    public override void CancelPendingFlush()
    {
        // Asked for by those who share the other side of a pipe, of whom there are none here.
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_lock)
        {
            _completed = true;
            // The kernel may be reading from the blocks: then the flush gives them back.
            if (!_flushing)
                Release();
        }
    }

    private Memory<byte> Room(int sizeHint)
    {
        if (_block is not null && _block.Memory.Length - _filled < Math.Max(1, sizeHint))
        {
            Seal();
            _block?.Dispose(); // nothing was written to it
            _block = null;
        }

        _block ??= sizeHint <= pool.MaxBufferSize ? pool.Rent() : MemoryPool<byte>.Shared.Rent(sizeHint);
        return _block.Memory[_filled..];
    }

    /// <summary>What the block holds is a piece from now on, and the next bytes go into another one.</summary>
    private void Seal()
    {
        if (_block is null || _filled == 0)
            return;
        _pieces.Add(new Piece(_block, null, _filled));
        (_block, _filled) = (null, 0);
    }

    private void Release()
    {
        foreach (var piece in _pieces)
            piece.Block?.Dispose();
        _pieces.Clear();
        _block?.Dispose();
        (_block, _filled, _unflushed) = (null, 0, 0);
    }

    private ValueTask SendAsync(Piece piece) =>
        piece.File is { } part ? SendAsync(part, piece.Length) : SendAsync(piece.Block!.Memory[..piece.Length]);

    private async ValueTask SendAsync(ReadOnlyMemory<byte> content)
    {
        while (content.Length > 0)
            content = content[await socket.SendAsync(content, SocketFlags.None).ConfigureAwait(false)..];
    }

    private async ValueTask SendAsync(FilePart part, int length)
    {
        var position = part.Position;
        var end = position + length;
        while (position < end)
        {
            // The socket does not block: Kestrel has received the request from it.
            var sent = SendFile.Send(socket.SafeHandle, part.File, position, end - position);
            // Whatever is in the way, a full socket, one that is closed or a file that cannot be read, is waited for or told by the ordinary calls.
            position += sent > 0 ? sent : await CopyAsync(part.File, position, (int)Math.Min(CopySize, end - position)).ConfigureAwait(false);
        }
    }

    private async ValueTask<int> CopyAsync(SafeFileHandle file, long position, int length)
    {
        using var block = pool.Rent();
        var read = RandomAccess.Read(file, block.Memory.Span[..length], position);
        if (read == 0)
            throw new EndOfStreamException($"the file ends at byte {position}");
        await SendAsync(block.Memory[..read]).ConfigureAwait(false);
        return read;
    }

    /// <summary>Bytes in a block, or of a file.</summary>
    private readonly record struct Piece(IMemoryOwner<byte>? Block, FilePart? File, int Length);
}
