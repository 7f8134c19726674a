using System.Collections.Concurrent;
using Suite.Linux.Errors;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Linux.Handles;

/// <summary>
/// Waits for descriptors of kinds that .NET does not wait for: pipes, terminals, sequenced-packet sockets. One thread for the
/// process, however many there are; without it each pending read of a pipe would hold a thread of the pool.
/// </summary>
internal sealed class Readiness
{
    public const int Readable = 0x1;
    public const int Writable = 0x4;

    private static readonly Lazy<Readiness> s_instance = new(() => new Readiness());

    private readonly ConcurrentDictionary<int, Waiter> _waiters = new();
    private readonly int _epoll;
    private int _next;

    private Readiness()
    {
        _epoll = epoll_create1(EPOLL_CLOEXEC);
        if (_epoll < 0)
            throw new ErrnoException("make an epoll", errno);
        new Thread(Run) { IsBackground = true, Name = "descriptor readiness" }.Start();
    }

    /// <param name="fd">Non-blocking; stays open until the waiter is disposed.</param>
    public static Waiter Register(int fd) => s_instance.Value.Add(fd);

    private unsafe Waiter Add(int fd)
    {
        var waiter = new Waiter(this, Interlocked.Increment(ref _next), fd);
        _waiters[waiter.Number] = waiter;
        // A hang-up is told even to those who ask for nothing (epoll_ctl(2)): without one-shot it would be, without end, until somebody waits.
        var request = new epoll_event { events = EPOLLONESHOT };
        request.data.fd = waiter.Number;
        if (epoll_ctl(_epoll, EPOLL_CTL_ADD, fd, &request) != 0)
            throw new ErrnoException("watch a descriptor", errno);
        return waiter;
    }

    private unsafe void Run()
    {
        const int batch = 64;
        var events = stackalloc epoll_event[batch];
        while (true)
        {
            var count = epoll_wait(_epoll, events, batch, -1);
            for (var i = 0; i < count; i++)
            {
                if (_waiters.TryGetValue(events[i].data.fd, out var waiter))
                    waiter.Complete();
            }
        }
    }

    /// <summary>Waits for one descriptor; one wait at a time.</summary>
    internal sealed class Waiter : IDisposable
    {
        private readonly Readiness _owner;
        private readonly int _fd;
        private TaskCompletionSource? _pending;
        private bool _disposed;

        public Waiter(Readiness owner, int number, int fd)
        {
            _owner = owner;
            Number = number;
            _fd = fd;
        }

        public int Number { get; }

        /// <returns>False when disposed meanwhile.</returns>
        public async ValueTask<bool> WaitAsync(int events, CancellationToken cancellationToken)
        {
            var pending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (this)
            {
                if (_disposed)
                    return false;
                _pending = pending;
                // One shot: it is watched only while somebody waits, and not at all for hang-ups otherwise.
                Arm(events);
            }

            await using (cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), pending))
                await pending.Task.ConfigureAwait(false);
            return !_disposed;
        }

        private unsafe void Arm(int events)
        {
            var request = new epoll_event { events = events | EPOLLONESHOT };
            request.data.fd = Number;
            _ = epoll_ctl(_owner._epoll, EPOLL_CTL_MOD, _fd, &request);
        }

        public void Complete() => Interlocked.Exchange(ref _pending, null)?.TrySetResult();

        public unsafe void Dispose()
        {
            lock (this)
            {
                if (_disposed)
                    return;
                _disposed = true;
                _owner._waiters.TryRemove(Number, out _);
                _ = epoll_ctl(_owner._epoll, EPOLL_CTL_DEL, _fd, null);
            }

            Complete();
        }
    }
}
