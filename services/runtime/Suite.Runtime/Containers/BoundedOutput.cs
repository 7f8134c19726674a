using System.Buffers;

namespace Suite.Runtime.Containers;

/// <summary>
/// Reads a stream to its end and keeps the first 16 MiB (CVE-2022-1708: a probe that floods must not fill the memory of the
/// service). The rest is read and dropped, so that the writer does not hang.
/// </summary>
internal sealed class BoundedOutput
{
    public const int Limit = 16 << 20;

    private readonly Lock _guard = new();
    private readonly ArrayBufferWriter<byte> _kept = new();

    public BoundedOutput(Stream? stream) => End = stream is null ? Task.CompletedTask : ReadAsync(stream);

    /// <summary>Completes with the stream; never faults.</summary>
    public Task End { get; }

    /// <summary>What has come until now.</summary>
    public ReadOnlyMemory<byte> Taken
    {
        get
        {
            lock (_guard)
                return _kept.WrittenMemory;
        }
    }

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[16 << 10];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                lock (_guard)
                    _kept.Write(buffer.AsSpan(0, Math.Min(read, Limit - _kept.WrittenCount)));
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed from our side, or a terminal whose other side has gone: the end, either way.
        }
    }
}
