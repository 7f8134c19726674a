using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Oci.References;
using Suite.Registry.Blobs;

namespace Suite.Registry.Upstreams;

/// <summary>
/// A blob on its way from an upstream into the store, read by any number of callers while it comes. The last byte is held back until the
/// digest is known to be right: nobody gets a whole answer with the wrong content.
/// </summary>
internal sealed class Download(Digest digest, long length, IBlobContent content)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _progress = New();
    private long _available;
    private int _readers = 1;
    private bool _whole;
    private Exception? _failure;

    public long Length => length;

    /// <summary>A reader of its own for a caller. Null when the download has ended meanwhile: look into the store again.</summary>
    public IBlobContent? TryJoin()
    {
        lock (_lock)
        {
            if (_readers == 0)
                return null;
            _readers++;
            return new Reader(this);
        }
    }

    public void Advance(long available) => Signal(() => _available = available);

    /// <summary>It is a blob now.</summary>
    public void Complete() => Signal(() => _whole = true);

    public void Fail(Exception failure) => Signal(() => _failure = failure);

    /// <summary>The downloading side, or a reader, is done with the file.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_readers > 0)
                return;
        }

        content.Dispose();
    }

    private void Signal(Action change)
    {
        TaskCompletionSource before;
        lock (_lock)
        {
            change();
            (before, _progress) = (_progress, New());
        }

        before.SetResult();
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task progress;
            lock (_lock)
            {
                var end = _whole ? length : Math.Min(_available, length - 1);
                if (position < end || _whole)
                {
                    buffer = buffer[..(int)Math.Min(buffer.Length, end - position)];
                    break;
                }

                if (_failure is not null)
                    throw new SuiteException(ErrorKind.Unavailable, $"the upstream's blob {digest} did not come: {_failure.Message}", _failure);
                progress = _progress.Task;
            }

            await progress.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return buffer.Length == 0 ? 0 : await content.ReadAsync(buffer, position, cancellationToken).ConfigureAwait(false);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Reader(Download download) : IBlobContent
    {
        private int _left;

        public long Length => download.Length;

        public SafeFileHandle? File => null;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, long position, CancellationToken cancellationToken) =>
            download.ReadAsync(buffer, position, cancellationToken);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                download.Leave();
        }
    }
}
