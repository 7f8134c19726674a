using Suite.Linux.Errors;
using Suite.Linux.Native;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Shim.Loops;

/// <summary>
/// Waits for every child: inits, execs, and the orphans of containers that share a pid namespace, which a subreaper inherits.
/// A pid is sure to be our process until it is waited for here, so it may be signalled by number.
/// </summary>
internal sealed unsafe class ChildReaper : IWatcher
{
    private readonly Dictionary<int, Action<int>> _children = [];
    private readonly Dictionary<int, int> _unclaimed = [];
    private int _holds;
    private readonly int _signals;

    public ChildReaper(EventLoop loop)
    {
        // sigset_t has 1024 bits; bit n - 1 is signal n.
        var mask = stackalloc ulong[16];
        new Span<ulong>(mask, 16).Clear();
        mask[0] = 1UL << (SIGCHLD - 1);
        sigset_t blocked;
        *(ulong*)&blocked = mask[0] | 1UL << (SIGHUP - 1) | 1UL << (SIGINT - 1) | 1UL << (SIGPIPE - 1);
        _ = sigprocmask(SIG_BLOCK, &blocked, null);
        _signals = Signalfd.signalfd(-1, mask, Signalfd.SFD_NONBLOCK | Signalfd.SFD_CLOEXEC);
        if (_signals < 0)
            throw new ErrnoException("make a signalfd", errno);
        loop.Watch(_signals, this, readable: true, writable: false);
    }

    /// <param name="ended">Called once, with the exit code as Docker has it.</param>
    public void Expect(int pid, Action<int> ended)
    {
        if (_unclaimed.Remove(pid, out var code))
            ended(code);
        else
            _children[pid] = ended;
    }

    /// <summary>
    /// From now on ends that nobody expects are remembered: a process comes to us, perhaps dead already, before we are told of
    /// it. Counted; to be let go once it is expected.
    /// </summary>
    public void Hold() => _holds++;

    public void LetGo()
    {
        if (--_holds == 0)
            _unclaimed.Clear();
    }

    public void Ready()
    {
        var info = stackalloc byte[Signalfd.InfoSize];
        while ((long)read(_signals, info, Signalfd.InfoSize) > 0)
        {
        }

        Reap();
    }

    /// <summary>
    /// Waits for one child now, which is about to end, and for those that end before it: process 1 of a pid namespace is not gone
    /// before all that were in it are waited for (zap_pid_ns_processes), and later processes of a container are children of ours.
    /// </summary>
    public void WaitFor(int pid)
    {
        _children.Remove(pid);
        int status;
        // Not 0: it has ended just now, or was waited for by who called the one that calls this.
        while (Wait.waitpid(pid, &status, Wait.WNOHANG | Wait.__WALL) == 0)
        {
            var ended = Wait.waitpid(-1, &status, Wait.__WALL);
            if (ended == pid || (ended < 0 && errno != ErrnoNames.EINTR))
                return;
            if (ended > 0)
                Tell(ended, Wait.ExitCode(status));
        }
    }

    private void Reap()
    {
        int pid, status;
        while ((pid = Wait.waitpid(-1, &status, Wait.WNOHANG | Wait.__WALL)) > 0)
            Tell(pid, Wait.ExitCode(status));
    }

    private void Tell(int pid, int code)
    {
        if (_children.Remove(pid, out var ended))
            ended(code);
        else if (_holds > 0)
            _unclaimed[pid] = code;
    }
}
