using System.Buffers;
using Suite.Oci.References;

namespace Suite.Registry.Blobs;

/// <summary>An upload in progress, used by one request at a time. Disposing closes it and keeps what was written.</summary>
internal interface IBlobUpload : IDisposable
{
    /// <summary>How many bytes have been taken.</summary>
    long Length { get; }

    /// <summary>Adds to the end, all of it or, when it throws, nothing.</summary>
    void Append(ReadOnlySequence<byte> content);

    /// <summary>
    /// Makes the upload a blob if its content has this digest, durable before it returns, and ends the upload. False, with the upload
    /// gone, when the digest differs.
    /// </summary>
    ValueTask<bool> CommitAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>A second view of the content while it grows, which outlives the upload's end.</summary>
    IBlobContent Share();

    /// <summary>Throws the upload away.</summary>
    void Cancel();
}
