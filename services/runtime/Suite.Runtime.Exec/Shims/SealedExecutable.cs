using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Linux.Mounts;

namespace Suite.Runtime.Exec.Shims;

/// <summary>
/// The shim's program as a read-only mount of its own that is attached nowhere. What a shim clones is for a moment the same
/// program inside a container, and /proc/PID/exe leads to the file itself, past every path: through this mount it cannot be
/// written, whoever asks (CVE-2019-5736). That costs no copy of the program, as one sealed in memory would.
/// </summary>
internal sealed class SealedExecutable : IDisposable
{
    private readonly string _path;
    private readonly Lock _lock = new();
    private int _mount = -1;
    private bool _refused;

    public SealedExecutable(string path)
    {
        _path = path;
    }

    /// <returns>A descriptor to execute from; -1 where this process may not mount: it may then not make containers either.</returns>
    public int Open()
    {
        lock (_lock)
        {
            if (_mount < 0 && !_refused)
            {
                _mount = FileMount.TryOpenReadOnly(_path, out var error);
                _refused = error is ErrnoNames.EPERM or ErrnoNames.ENOSYS;
            }

            return _mount;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Descriptor.Close(_mount);
            _mount = -1;
        }
    }
}
