using Suite.Linux.Errors;

namespace Suite.Image.Builds.Runs;

/// <summary>
/// Passes a layer's archive on and looks for secrets in it: a command that prints its secret into a file would give it to everyone who
/// has the image. Secrets of a few bytes are anywhere, so those are not looked for.
/// </summary>
internal sealed class SecretScan(Stream target, IReadOnlyDictionary<string, byte[]> secrets) : Stream
{
    private const int Shortest = 8;

    private readonly (string Id, byte[] Value)[] _secrets = [.. secrets.Select(s => (s.Key, Trimmed(s.Value))).Where(s => s.Item2.Length >= Shortest)];
    private readonly int _longest = secrets.Values.Select(s => s.Length).DefaultIfEmpty(0).Max();
    private byte[] _tail = [];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_secrets.Length > 0)
        {
            // The end of what came before, so that one that lies across two pieces is found.
            byte[] window = [.. _tail, .. buffer];
            foreach (var (id, value) in _secrets)
                if (window.AsSpan().IndexOf(value) >= 0)
                    throw new SuiteException(ErrorKind.FailedPrecondition, $"the secret '{id}' would end in the image, as the command wrote it into a file: remove that file in the same RUN, or do not write it.");
            _tail = window[Math.Max(0, window.Length - _longest)..];
        }

        target.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Files end with a line's end that a command drops.</summary>
    private static byte[] Trimmed(byte[] value) => value.AsSpan().TrimEnd("\r\n \t"u8).ToArray();
}
