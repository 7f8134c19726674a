using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Storage;

/// <summary>Makes the names in a folder durable. fsync of a file does not: its entry may still be missing after a power cut, fsync(2).</summary>
public static class DirectoryFlush
{
    public static void Flush(string directory)
    {
        // Not File.OpenHandle, which refuses a folder.
        var descriptor = Descriptor.TryOpen(directory, O_RDONLY, 0, out var error);
        if (descriptor < 0)
            throw new ErrnoException($"open folder {directory}", error);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }
}
