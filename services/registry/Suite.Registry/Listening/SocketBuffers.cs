using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Suite.Registry.Listening;

/// <summary>How much lies between a socket and the code that reads or writes, for each connection that is busy.</summary>
internal static class SocketBuffers
{
    /// <summary>Bytes received and not yet hashed. Kestrel's 1 MiB is 16 MiB for 16 pushes, and no faster.</summary>
    public const int Read = 256 * 1024;

    /// <summary>Bytes to be sent. With Kestrel's 64 KiB the disk and the socket wait for each other.</summary>
    public const int Write = 512 * 1024;

    public static void Set(SocketTransportOptions options)
    {
        options.MaxReadBufferSize = Read;
        options.MaxWriteBufferSize = Write;
    }
}
