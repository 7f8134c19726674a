using Microsoft.Win32.SafeHandles;
using Suite.Linux.Native;

namespace Suite.Linux.Storage;

/// <summary>
/// Starts writing a growing file to the disk while the rest still comes, so that the flush at its end finds little left to do. The kernel
/// by itself waits for seconds, or until memory is short.
/// </summary>
public static class EarlyWriteout
{
    /// <summary>Returns at once, unless the disk's queue is full. A failure is no matter: the flush at the end tells (sync_file_range(2)).</summary>
    public static void Begin(SafeFileHandle file, long offset, long length) =>
        _ = FileCalls.BeginWriteOut((int)file.DangerousGetHandle(), offset, length);
}
