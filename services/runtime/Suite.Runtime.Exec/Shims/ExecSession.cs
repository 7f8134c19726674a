using Microsoft.Win32.SafeHandles;
using Suite.Linux.Handles;
using Suite.Linux.Processes;

namespace Suite.Runtime.Exec.Shims;

/// <summary>A further process in a container, connected to its streams directly: its output does not pass through the shim.</summary>
public sealed class ExecSession : IAsyncDisposable
{
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SafeFileHandle? _terminal;

    internal ExecSession(string id, Stream? input, Stream? output, Stream? error)
    {
        Id = id;
        Input = input;
        Output = output;
        Error = error;
    }

    public string Id { get; }

    /// <summary>On the host.</summary>
    public int Pid { get; private set; }

    /// <summary>Disposing it is the end of the process's input, unless it has a terminal.</summary>
    public Stream? Input { get; private set; }

    public Stream? Output { get; private set; }

    public Stream? Error { get; }

    /// <summary>Ends with the process, which may be before the last byte of output is read. Unavailable when the shim dies.</summary>
    public Task<ExitStatus> Exited => _exited.Task;

    /// <summary>Closes the streams. The process is not killed: <see cref="ShimConnection.SignalExecAsync"/> does that.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var stream in new[] { Input, Output, Error })
        {
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
        }

        _terminal?.Dispose();
    }

    internal void Started(int pid, int terminal, bool input)
    {
        Pid = pid;
        if (terminal < 0)
            return;
        _terminal = new SafeFileHandle(terminal, ownsHandle: true);
        Output = new DescriptorStream(Terminals.Duplicate(_terminal), FileAccess.Read);
        if (input)
            Input = new DescriptorStream(Terminals.Duplicate(_terminal), FileAccess.Write);
    }

    internal void Ended(ExitStatus status) => _exited.TrySetResult(status);

    internal void Lose(Exception gone)
    {
        _exited.TrySetException(gone);
        _ = _exited.Task.Exception;
    }

    internal void Resize(TerminalSize size)
    {
        if (_terminal is { IsClosed: false } terminal)
            Terminals.Resize(terminal, size);
    }
}
