using Microsoft.Win32.SafeHandles;

namespace Suite.Registry.Blobs;

internal sealed class FileBlobContent(SafeFileHandle file) : IBlobContent
{
    public long Length { get; } = RandomAccess.GetLength(file);

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long position, CancellationToken cancellationToken) =>
        RandomAccess.ReadAsync(file, buffer, position, cancellationToken);

    public void Dispose() => file.Dispose();
}
