using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Suite.Registry.Listening;

/// <summary>How much lies between a socket and the code that reads or writes, for each connection that is busy.</summary>
internal static class SocketBuffers
{
    /// <summary>Bytes received and not yet hashed. Kestrel's 1 MiB is 16 MiB for 16 pushes, and no faster.</summary>
    public const int Read = 256 * 1024;

    /// <summary>Bytes that are sent from a file in one go. They take no memory: so many that the calls do not count.</summary>
    public const int FilePiece = 256 * 1024;

    /// <summary>Bytes that are sent through memory in one go, where a connection is encrypted: a reader who is slow keeps them waiting.</summary>
    public const int MemoryPiece = BlockPool.BlockSize;

    /// <summary>Bytes in Kestrel's pipe, encrypted: one piece goes out while the next is read. With a single one they wait for each other.</summary>
    public const int Write = 2 * MemoryPiece;

    public static void Set(SocketTransportOptions options)
    {
        options.MaxReadBufferSize = Read;
        options.MaxWriteBufferSize = Write;
    }
}
