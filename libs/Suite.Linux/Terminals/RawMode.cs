using System.Runtime.InteropServices;
using Suite.Linux.Errors;
using static Suite.Linux.Native.Termios;

namespace Suite.Linux.Terminals;

/// <summary>
/// Hands every key of a terminal through as it is, control-C included, until disposed. The terminal is also restored when the
/// process exits by another way than through Dispose, be it an exception on any thread.
/// </summary>
public sealed class RawMode : IDisposable
{
    private readonly int _descriptor;
    private readonly termios _before;
    private int _restored;

    private RawMode(int descriptor, termios before)
    {
        _descriptor = descriptor;
        _before = before;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnExit;
    }

    public static RawMode Enter(int descriptor)
    {
        if (tcgetattr(descriptor, out var before) != 0)
            throw new ErrnoException($"read the settings of the terminal on descriptor {descriptor}", Marshal.GetLastPInvokeError());

        var raw = before;
        cfmakeraw(ref raw);
        var mode = new RawMode(descriptor, before);
        if (tcsetattr(descriptor, TCSADRAIN, in raw) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            mode.Dispose();
            throw new ErrnoException($"set the terminal on descriptor {descriptor} to raw mode", errno);
        }

        return mode;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _restored, 1) != 0)
            return;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnExit;
        _ = tcsetattr(_descriptor, TCSADRAIN, in _before);
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();
}
