using System.Globalization;
using Suite.Linux.Errors;

namespace Suite.Hosting.Sockets;

/// <summary>
/// FOLDER/NAME.lock, locked for the life of the process, with FOLDER/NAME.pid beside it for readers. The kernel drops the lock with the
/// process, however it ends, so a stale file never needs judging.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _pidFile;

    private InstanceLock(FileStream file, string pidFile)
    {
        _file = file;
        _pidFile = pidFile;
    }

    /// <param name="folder">An existing folder.</param>
    /// <param name="name">The file's name before its ending.</param>
    /// <param name="describeHolder">The sentence for the user when another process, whose id it gets if known, holds the lock.</param>
    public static InstanceLock Acquire(string folder, string name, Func<string, string> describeHolder)
    {
        var pidFile = Path.Combine(folder, name + ".pid");
        FileStream file;
        try
        {
            // FileShare.None is flock(2) with LOCK_EX | LOCK_NB on Unix.
            file = new FileStream(Path.Combine(folder, name + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e) when (e.HResult == ErrnoNames.EAGAIN)
        {
            var pid = File.Exists(pidFile) ? $"pid {File.ReadAllText(pidFile).Trim()}" : "pid unknown";
            throw new SuiteException(ErrorKind.AlreadyExists, describeHolder(pid), e);
        }

        try
        {
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return new InstanceLock(file, pidFile);
    }

    public void Dispose()
    {
        // The lock file stays: removing it would let two processes hold locks on two files of one name.
        File.Delete(_pidFile);
        _file.Dispose();
    }
}
