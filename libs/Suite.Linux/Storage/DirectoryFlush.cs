using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Linux.Storage;

/// <summary>Makes the names in a folder durable. fsync of a file does not: its entry may still be missing after a power cut, fsync(2).</summary>
public static class DirectoryFlush
{
    public static void Flush(string directory)
    {
        var descriptor = DirectoryCalls.open(directory, DirectoryCalls.O_RDONLY | DirectoryCalls.O_CLOEXEC);
        if (descriptor < 0)
            throw new ErrnoException($"open folder {directory}", Marshal.GetLastPInvokeError());
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }
}
