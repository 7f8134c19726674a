using System.Text;
using Suite.Linux.Errors;
using Suite.Linux.Native;

namespace Suite.Image.Graph.Changes;

/// <summary>A moment of the kernel's clock, taken from the time of change (ctime) of a file, which nobody can set back.</summary>
internal readonly record struct ChangeTime(long Seconds, uint Nanoseconds)
{
    public static ChangeTime Of(string path)
    {
        var result = FileCalls.StatAt(FileCalls.AT_FDCWD, Encoding.UTF8.GetBytes(path), out var status);
        return result < 0 ? throw new ErrnoException($"look at {path}", -result) : new ChangeTime(status.ChangedSeconds, status.ChangedNanoseconds);
    }

    /// <summary>Whether a file was not touched since. The clock ticks slowly: what changed in the same tick counts as touched.</summary>
    public bool IsAfter(FileStatus status) =>
        status.ChangedSeconds < Seconds || (status.ChangedSeconds == Seconds && status.ChangedNanoseconds < Nanoseconds);
}
