using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Native;

namespace Suite.Hosting.Sockets;

/// <summary>
/// FOLDER/NAME.lock, locked for the life of the process, with FOLDER/NAME.pid beside it for readers. The kernel drops the lock with the
/// process, however it ends, so a stale file never needs judging.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _pidFile;

    private InstanceLock(SafeFileHandle file, string pidFile)
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
        // open(2) and flock(2) themselves, not FileShare.None: .NET's own locks on files are switched off in the services.
        var path = Path.Combine(folder, name + ".lock");
        var file = new SafeFileHandle(Descriptor.Open(path, FileCalls.O_RDWR | FileCalls.O_CREAT, 0x180), ownsHandle: true); // 0600
        var error = -FileCalls.LockExclusively((int)file.DangerousGetHandle());
        if (error != 0)
        {
            file.Dispose();
            if (error != ErrnoNames.EAGAIN)
                throw new ErrnoException($"lock {path}", error);
            var pid = File.Exists(pidFile) ? $"pid {File.ReadAllText(pidFile).Trim()}" : "pid unknown";
            throw new SuiteException(ErrorKind.AlreadyExists, describeHolder(pid));
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
