using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Suite.Runtime.Exec.Wire;

namespace Suite.Root.Tests.Exec;

/// <summary>Takes the descriptor that a runtime hands over and answers a notification (seccomp_unotify(2)).</summary>
internal sealed partial class NotificationListener : IDisposable
{
    // linux/seccomp.h: struct seccomp_notif is 80 bytes, the pid at 8; struct seccomp_notif_resp is 24.
    private const ulong SECCOMP_IOCTL_NOTIF_RECV = 0xc0502100;
    private const ulong SECCOMP_IOCTL_NOTIF_SEND = 0xc0182101;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public NotificationListener(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _socket.Listen(1);
    }

    /// <returns>What the listener was told, and the pid of who made the call.</returns>
    public async Task<(JsonElement State, int Pid)> AnswerOneAsync(int errno, CancellationToken cancellationToken)
    {
        using var connection = await _socket.AcceptAsync(cancellationToken);
        while (!connection.Poll(100_000, SelectMode.SelectRead))
            cancellationToken.ThrowIfCancellationRequested();
        var message = new byte[65_536];
        var descriptors = new int[FdMessage.MaxDescriptors];
        var length = FdMessage.Receive((int)connection.Handle, message, descriptors, out var count);
        Assert.Equal(1, count);
        var pid = await Task.Run(() => Answer(descriptors[0], errno), cancellationToken);
        return (JsonDocument.Parse(message.AsMemory(0, length)).RootElement, pid);
    }

    public void Dispose() => _socket.Dispose();

    private static unsafe int Answer(int listener, int errno)
    {
        var notification = stackalloc byte[80];
        new Span<byte>(notification, 80).Clear();
        Assert.Equal(0, ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, notification));
        var response = stackalloc byte[24];
        new Span<byte>(response, 24).Clear();
        *(ulong*)response = *(ulong*)notification;
        *(int*)(response + 16) = -errno;
        Assert.Equal(0, ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, response));
        var pid = *(int*)(notification + 8);
        _ = close(listener);
        return pid;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int ioctl(int fd, ulong request, byte* argument);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
