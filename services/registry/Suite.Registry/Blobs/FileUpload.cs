using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Storage;
using Suite.Oci.References;

namespace Suite.Registry.Blobs;

/// <summary>An upload as a file, hashed while it is written, so that the end costs one flush and no second reading.</summary>
internal sealed class FileUpload(SafeFileHandle file, string path, DigestAlgorithm algorithm, Action<string, Digest> adopt) : IBlobUpload
{
    private const int ReadSize = 1 << 20;

    // Large enough for a disk to write in one go, small enough that the flush at the end has little left.
    private const int WriteoutStep = 8 << 20;

    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private long _begun;

    private DigestHasher _hasher = new(algorithm);

    public long Length { get; private set; }

    public void Append(ReadOnlySequence<byte> content)
    {
        try
        {
            Write(content);
        }
        catch (IOException)
        {
            // A full disk stops in the middle of a piece: cut back to what has been hashed and told to the client.
            RandomAccess.SetLength(file, Length);
            throw;
        }

        foreach (var segment in content)
            _hasher.Append(segment.Span);
        Length += content.Length;
        if (Length - _begun >= WriteoutStep)
        {
            EarlyWriteout.Begin(file, _begun, Length - _begun);
            _begun = Length;
        }
    }

    /// <summary>A body comes in segments of 4 KiB: one system call for all of them.</summary>
    private void Write(ReadOnlySequence<byte> content)
    {
        if (content.IsSingleSegment)
        {
            RandomAccess.Write(file, content.FirstSpan, Length);
            return;
        }

        _segments.Clear();
        foreach (var segment in content)
            _segments.Add(segment);
        RandomAccess.Write(file, _segments, Length);
    }

    public async ValueTask<bool> CommitAsync(Digest digest, CancellationToken cancellationToken)
    {
        // A client may name its hash function only at the end, and almost always it is the one computed already.
        if (digest.Algorithm != _hasher.Algorithm)
            await HashFromDiskAsync(digest.Algorithm, cancellationToken).ConfigureAwait(false);
        if (_hasher.Finish() != digest)
        {
            Cancel();
            return false;
        }

        RandomAccess.FlushToDisk(file);
        adopt(path, digest);
        Dispose();
        return true;
    }

    public IBlobContent Share() => new FileBlobContent(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public void Cancel()
    {
        File.Delete(path);
        Dispose();
    }

    public void Dispose()
    {
        file.Dispose();
        _hasher.Dispose();
    }

    /// <summary>Computes the hash of what is there: after a restart, or for another hash function.</summary>
    public async ValueTask HashFromDiskAsync(DigestAlgorithm wanted, CancellationToken cancellationToken)
    {
        _hasher.Dispose();
        _hasher = new DigestHasher(wanted);
        Length = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            int read;
            while ((read = await RandomAccess.ReadAsync(file, buffer, Length, cancellationToken).ConfigureAwait(false)) > 0)
            {
                _hasher.Append(buffer.AsSpan(0, read));
                Length += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
