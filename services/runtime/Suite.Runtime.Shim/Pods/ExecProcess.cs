using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Shims;
using Suite.Runtime.Shim.Clients;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Pods;

/// <summary>A further process in a container. Its streams are the client's own; the shim has its exit only.</summary>
internal sealed class ExecProcess(Pod pod, Container container, string id, TerminalSize? size, StartAnswer answer)
{
    private int _terminal = -1;
    private bool _begun;
    private int? _early;

    public string Id => id;

    /// <summary>Of its terminal; null: nobody has said it.</summary>
    public TerminalSize? Size => size;

    /// <summary>On the host; 0: not known yet.</summary>
    public int Pid { get; set; }

    public ExitStatus? Exit { get; private set; }

    public void Signal(int signal)
    {
        if (Exit is null && _early is null && Pid > 0)
            _ = kill(Pid, signal);
    }

    public ExecSnapshot Snapshot() => new(Id, Exit is null ? Pid : 0, Exit);

    /// <summary>The master of its terminal, to keep until the client is given it.</summary>
    public void OpenTerminal(int master)
    {
        _terminal = master;
        if (size is not null)
            Terminals.Resize(master, size);
    }

    /// <summary>Its start is over.</summary>
    public void Begun(InitReport? failure)
    {
        _begun = true;
        if (failure is { } report)
        {
            Exit = new ExitStatus(report.ExitCode, TimeProvider.System.GetUtcNow(), false);
            Descriptor.Close(_terminal);
            container.DeleteExec(Id);
            answer.Failed(report);
            return;
        }

        // The client has the terminal from here on.
        answer.Started(Pid, TimeProvider.System.GetUtcNow(), _terminal);
        _terminal = -1;
        if (_early is { } code)
            Ended(code);
    }

    public void Ended(int code)
    {
        if (Exit is not null)
            return;
        if (!_begun)
        {
            _early = code;
            return;
        }

        Exit = new ExitStatus(code, TimeProvider.System.GetUtcNow(), false);
        pod.Tell(new ExecExited(container.Id, Id, Exit));
    }
}
