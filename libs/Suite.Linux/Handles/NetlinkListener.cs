using Microsoft.Win32.SafeHandles;
using Suite.Linux.Native;

namespace Suite.Linux.Handles;

/// <summary>
/// Hears what the kernel tells everybody about changes (netlink(7), multicast groups), in the network namespace of the thread that
/// opened it.
/// </summary>
public sealed class NetlinkListener : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Readiness.Waiter _waiter;

    private NetlinkListener(SafeFileHandle handle)
    {
        _handle = handle;
        _waiter = Readiness.Register((int)handle.DangerousGetHandle());
    }

    /// <param name="protocol">NETLINK_ROUTE or NETLINK_NETFILTER.</param>
    /// <param name="bufferBytes">What the kernel keeps for a listener that is late; what does not fit is lost, and said (ENOBUFS).</param>
    /// <param name="groups">Their numbers, for example RTNLGRP_LINK.</param>
    public static NetlinkListener Open(int protocol, int bufferBytes, params ReadOnlySpan<int> groups)
    {
        var handle = NetlinkCalls.Open(protocol, bufferBytes);
        try
        {
            foreach (int group in groups)
                NetlinkCalls.Join(handle, group);
            return new NetlinkListener(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <returns>0 or errno: EAGAIN when there is nothing at present, ENOBUFS when something was lost.</returns>
    public int TryReceive(Span<byte> buffer, out int length) => NetlinkCalls.Receive(_handle, buffer, out length);

    /// <returns>False when disposed meanwhile.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _waiter.WaitAsync(Readiness.Readable, cancellationToken);

    public void Dispose()
    {
        _waiter.Dispose();
        _handle.Dispose();
    }
}
