using Microsoft.Win32.SafeHandles;
using Suite.Oci.References;

namespace Suite.Registry.Blobs;

/// <summary>
/// Keeps content by its digest, and uploads on their way to become content. Knows nothing of repositories: which of them may see a
/// blob is the catalog's matter. A blob, once stored, is whole and durable.
/// </summary>
internal interface IBlobStore
{
    /// <summary>Opens a blob for reading. Null when it is not there.</summary>
    IBlobContent? Open(Digest digest);

    /// <summary>Removes a blob; nothing happens when it is not there. Readers that have it open finish undisturbed.</summary>
    void Delete(Digest digest);

    /// <summary>All that is stored, with its length in bytes and when it was written.</summary>
    IEnumerable<(Digest Digest, long Length, DateTimeOffset Written)> List();

    /// <summary>Begins an upload.</summary>
    IBlobUpload Create(UploadKey key);

    /// <summary>Takes an upload up again after a restart or a pause, at the byte where it stands. Null when it is not there.</summary>
    ValueTask<IBlobUpload?> ReopenAsync(UploadKey key, CancellationToken cancellationToken);

    /// <summary>Throws away uploads that nothing was written to since then. Returns how many.</summary>
    int DeleteUploadsBefore(DateTimeOffset time);
}

/// <summary>An open blob.</summary>
internal interface IBlobContent : IDisposable
{
    long Length { get; }

    /// <summary>The file that holds the blob and nothing else, for who can send from files; null when there is none, or not all of it yet.</summary>
    SafeFileHandle? File { get; }

    /// <summary>Reads at a position, 0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long position, CancellationToken cancellationToken);
}
