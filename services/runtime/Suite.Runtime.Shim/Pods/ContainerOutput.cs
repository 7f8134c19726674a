using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Shim.Loops;
using Suite.Runtime.Shim.Streams;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>The standard streams of one container, over all of its runs: log, clients, pipes or terminal.</summary>
internal sealed unsafe class ContainerOutput
{
    private readonly EventLoop _loop;
    private readonly ContainerStreams _streams;
    private readonly LogFile? _log;
    private readonly ContainerInput? _input;
    private readonly List<AttachedOutput> _output = [];
    private readonly List<AttachedOutput> _error = [];
    private readonly List<OutputPump> _pumps = [];
    private readonly Action _drained;
    private readonly int[] _containerEnds = [-1, -1, -1];
    private TerminalSize? _size;
    private int _terminal = -1;
    private int _open;
    private bool _writerGone;

    /// <param name="drained">Called when the container's processes are gone and all they wrote is carried.</param>
    public ContainerOutput(EventLoop loop, ContainerStreams streams, Action drained)
    {
        _loop = loop;
        _streams = streams;
        _drained = drained;
        _size = streams.Size;
        _log = streams.LogPath is { Length: > 0 } path ? new LogFile(path) : null;
        _input = streams.Input ? new ContainerInput(loop) : null;
    }

    /// <summary>Of the terminal; null: nobody has said it.</summary>
    public TerminalSize? Size => _size;

    /// <returns>Standard input, output and error for the container; -1 leaves /dev/null, or is for a terminal to come.</returns>
    public ReadOnlySpan<int> Open()
    {
        _writerGone = false;
        if (_streams.Terminal)
            return _containerEnds;

        var pipe = stackalloc int[2];
        if (_input is not null)
        {
            MakePipe(pipe);
            _containerEnds[0] = pipe[0];
            _input.Open(pipe[1]);
        }

        MakePipe(pipe);
        _containerEnds[1] = pipe[1];
        Pump(pipe[0], error: false);
        MakePipe(pipe);
        _containerEnds[2] = pipe[1];
        Pump(pipe[0], error: true);
        return _containerEnds;
    }

    public void CloseContainerEnds()
    {
        foreach (ref var end in _containerEnds.AsSpan())
        {
            Descriptor.Close(end);
            end = -1;
        }
    }

    /// <summary>The init has opened its terminal; this is the master.</summary>
    public void OpenTerminal(int master)
    {
        _terminal = master;
        if (_size is not null)
            Terminals.Resize(master, _size);
        _input?.Open(Duplicate(master));
        Pump(Duplicate(master), error: false);
    }

    /// <summary>The start failed: nothing was written that anyone should see.</summary>
    public void Abort()
    {
        CloseContainerEnds();
        // What clients have typed waits for the next start; the ends of this one do not.
        _input?.Close();
        Descriptor.Close(_terminal);
        _terminal = -1;
        _writerGone = false;
        foreach (var pump in _pumps.ToArray())
            pump.WriterGone();
    }

    public void WriterGone()
    {
        _writerGone = true;
        if (_open == 0)
            _drained();
        foreach (var pump in _pumps.ToArray())
            pump.WriterGone();
    }

    public void Attach(bool input, ReadOnlySpan<int> descriptors)
    {
        var next = 0;
        if (input && descriptors.Length > next)
        {
            _input?.Add(Duplicate(descriptors[next]));
            next++;
        }

        if (descriptors.Length > next)
            _ = new AttachedOutput(_loop, Duplicate(descriptors[next++]), _output, Resume);
        if (descriptors.Length > next)
            _ = new AttachedOutput(_loop, Duplicate(descriptors[next]), _error, Resume);
    }

    public void CloseInput() => _input?.CloseWhenDrained();

    public void ReopenLog() => _log?.Reopen();

    public void Resize(TerminalSize? size)
    {
        if (!_streams.Terminal)
            throw new SuiteException(ErrorKind.FailedPrecondition, "resize the terminal: the container has none");
        _size = size;
        if (size is not null)
            Terminals.Resize(_terminal, size);
    }

    /// <summary>Those attached see the end.</summary>
    public void Detach()
    {
        foreach (var client in (List<AttachedOutput>)[.. _output, .. _error])
            client.Close();
        _input?.CloseAll();
        Descriptor.Close(_terminal);
        _terminal = -1;
    }

    public void Close()
    {
        Detach();
        _log?.Close();
    }

    private void Pump(int fd, bool error)
    {
        _open++;
        var lines = _log is null ? null : new LineSplitter(_log, error);
        OutputPump? pump = null;
        pump = new OutputPump(_loop, fd, lines, error ? _error : _output, () => Ended(pump!));
        _pumps.Add(pump);
    }

    private void Ended(OutputPump pump)
    {
        _pumps.Remove(pump);
        _open--;
        if (_open == 0 && _writerGone)
            _drained();
    }

    private void Resume()
    {
        foreach (var pump in _pumps.ToArray())
            pump.Resume();
    }

    private static void MakePipe(int* pipe)
    {
        if (pipe2(pipe, O_CLOEXEC) != 0)
            throw new ErrnoException("make a pipe for the container's streams", errno);
    }

    private static int Duplicate(int fd)
    {
        var copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        return copy >= 0 ? copy : throw new ErrnoException("duplicate a stream", errno);
    }
}
