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
    private readonly Action<byte, int> _asked;
    private readonly Action<InitReport?> _over;
    private readonly int _report;
    private bool _done;

    /// <param name="terminal">Is given the master of the terminal, to keep.</param>
    /// <param name="asked">Is told what the init says of the outside or wants done there, and given what came with it, to keep.</param>
    /// <param name="over">Called once: null when the program runs.</param>
    public PendingStart(EventLoop loop, InitProcess init, Action<int> terminal, Action<byte, int> asked, Action<InitReport?> over)
    {
        _loop = loop;
        _report = init.Report;
        _terminal = terminal;
        _asked = asked;
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
        if (count > 0 && message[0] == InitMessages.Terminal)
            _terminal(descriptors[0]);
        else if (count > 0)
            _asked(message[0], descriptors[0]);
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
