namespace Suite.Registry.Administration;

/// <summary>Keeps a reader below so many bytes a second, so that a scrub leaves the disk to those who pull.</summary>
/// <param name="bytesPerSecond">0: no limit.</param>
internal sealed class ReadingPace(long bytesPerSecond, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _read;

    public async ValueTask KeepAsync(int bytes, CancellationToken cancellationToken)
    {
        _read += bytes;
        if (bytesPerSecond <= 0)
            return;
        var ahead = TimeSpan.FromSeconds((double)_read / bytesPerSecond) - time.GetElapsedTime(_start);
        if (ahead > TimeSpan.Zero)
            await Task.Delay(ahead, time, cancellationToken).ConfigureAwait(false);
    }
}
