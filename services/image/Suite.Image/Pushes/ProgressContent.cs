using System.Net;
using System.Net.Http.Headers;
using Suite.Image.Registries;

namespace Suite.Image.Pushes;

/// <summary>A request body of known length that tells how much of it has been sent.</summary>
internal sealed class ProgressContent : HttpContent
{
    private readonly Stream _source;
    private readonly Patience _silence;
    private readonly Action<long> _progress;

    /// <param name="silence">Renewed by each piece that was taken.</param>
    public ProgressContent(Stream source, Patience silence, Action<long> progress)
    {
        _source = source;
        _silence = silence;
        _progress = progress;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024]; // small enough that each goes within the time for a silence, on a slow line too
        long sent = 0;
        int read;
        while ((read = await _source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            _silence.Renew();
            _progress(sent += read);
        }

        // Before it answers, a registry may read all of it once more, to check it or to store it elsewhere.
        _silence.Renew(1 + (int)(sent >> 30));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _source.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
        base.Dispose(disposing);
    }
}
