using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Shim.Clients;
using Suite.Runtime.Shim.Streams;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>A further process in a container. Its streams are the client's own; the shim has its exit only.</summary>
internal sealed class ExecProcess
{
    private readonly Pod _pod;
    private readonly Container _container;
    private readonly StartAnswer _answer;
    private readonly TerminalSize? _size;
    private readonly int _pid;
    private PendingStart? _starting;
    private int _terminal = -1;

    public ExecProcess(Pod pod, Container container, string id, InitProcess init, TerminalSize? size, StartAnswer answer)
    {
        _pod = pod;
        _container = container;
        _answer = answer;
        _size = size;
        _pid = init.Pid;
        Id = id;
        pod.Reaper.Expect(init.Pid, Ended);
        _starting = new PendingStart(pod.Loop, init, master => _terminal = master, (_, answer) => Descriptor.Close(answer), Begun);
    }

    public string Id { get; }

    public ExitStatus? Exit { get; private set; }

    public void Signal(int signal)
    {
        if (Exit is null)
            _ = kill(_pid, signal);
    }

    public ExecSnapshot Snapshot() => new(Id, Exit is null ? _pid : 0, Exit);

    private void Begun(InitReport? failure)
    {
        _starting = null;
        if (failure is { } report)
        {
            _pod.Reaper.WaitFor(_pid);
            Exit = new ExitStatus(report.ExitCode, TimeProvider.System.GetUtcNow(), false);
            Descriptor.Close(_terminal);
            _container.DeleteExec(Id);
            _answer.Failed(report);
            return;
        }

        if (_terminal >= 0 && _size is not null)
            Terminals.Resize(_terminal, _size);
        // The client has the terminal from here on.
        _answer.Started(_pid, TimeProvider.System.GetUtcNow(), _terminal);
        _terminal = -1;
    }

    private void Ended(int code)
    {
        _starting?.ReadAll();
        if (Exit is not null)
            return;
        Exit = new ExitStatus(code, TimeProvider.System.GetUtcNow(), false);
        _pod.Tell(new ExecExited(_container.Id, Id, Exit));
    }
}
