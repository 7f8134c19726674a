using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Inits;
using Suite.Runtime.Exec.Wire;
using Suite.Runtime.Shim.Loops;

namespace Suite.Runtime.Shim.Pods;

/// <summary>Listens to an init until its socket closes, which is its exec, or it says what went wrong.</summary>
internal sealed class PendingStart : IWatcher
{
    private readonly EventLoop _loop;
    private readonly Action<int> _terminal;
    private readonly Action<int> _hooks;
    private readonly Action<InitReport?> _over;
    private readonly int _report;
    private bool _done;

    /// <param name="terminal">Is given the master of the terminal, to keep.</param>
    /// <param name="hooks">Is given where to answer when the runtime's hooks have been run, to keep.</param>
    /// <param name="over">Called once: null when the program runs.</param>
    public PendingStart(EventLoop loop, InitProcess init, Action<int> terminal, Action<int> hooks, Action<InitReport?> over)
    {
        _loop = loop;
        _report = init.Report;
        _terminal = terminal;
        _hooks = hooks;
        _over = over;
        loop.Watch(_report, this, readable: true, writable: false);
    }

    public void Ready()
    {
        Span<byte> message = stackalloc byte[InitReport.MaxSize];
        Span<int> descriptors = stackalloc int[FdMessage.MaxDescriptors];
        var length = FdMessage.Receive(_report, message, descriptors, out var count);
        if (length is -ErrnoNames.EAGAIN)
            return;
        if (count > 0)
            (message[0] == InitMessages.HooksWanted ? _hooks : _terminal)(descriptors[0]);
        else
            Finish(length > 0 ? InitReport.Read(message[..length]) : null);
    }

    /// <summary>For an init that is dead: all it will ever say is there.</summary>
    public void ReadAll()
    {
        while (!_done)
            Ready();
    }

    private void Finish(InitReport? failure)
    {
        _done = true;
        _loop.Close(_report);
        _over(failure);
    }
}
