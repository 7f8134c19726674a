using Microsoft.Win32.SafeHandles;

namespace Suite.Registry.Blobs;

internal sealed class FileBlobContent(SafeFileHandle file) : IBlobContent
{
    public long Length { get; } = RandomAccess.GetLength(file);

    public SafeFileHandle File => file;

    // Files know no other way than to wait, for which ReadAsync would only hire a second thread: twice the time for what is in memory.
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long position, CancellationToken cancellationToken) =>
        ValueTask.FromResult(RandomAccess.Read(file, buffer.Span, position));

    public void Dispose() => file.Dispose();
}
