using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Suite.Registry.Listening;

/// <summary>How much lies between a socket and the code that reads or writes, for each connection that is busy.</summary>
internal static class SocketBuffers
{
    /// <summary>Bytes received and not yet hashed. Kestrel's 1 MiB is 16 MiB for 16 pushes, and no faster.</summary>
    public const int Read = 256 * 1024;

    /// <summary>Bytes of a blob that are sent in one go: enough to be worth the calls, and what a reader who is slow keeps waiting.</summary>
    public const int Piece = 256 * 1024;

    /// <summary>Bytes to be sent through Kestrel's pipe: one piece is read while the other goes out. With its 64 KiB they wait for each other.</summary>
    public const int Write = 2 * Piece;

    public static void Set(SocketTransportOptions options)
    {
        options.MaxReadBufferSize = Read;
        options.MaxWriteBufferSize = Write;
    }
}
