using System.Buffers.Binary;
using System.Net.Sockets;
using Suite.Linux.Processes;

namespace Suite.Cli.Machine;

/// <summary>The process that listens on a socket.</summary>
internal static class SocketOwner
{
    // sys/socket.h: SO_PEERCRED gives struct ucred { pid, uid, gid } of the process that called listen (unix(7)).
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;

    /// <returns>Null when nobody listens.</returns>
    public static ProcessStat? Find(Service service)
    {
        if (!File.Exists(service.Socket))
            return null;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(service.Socket));
            Span<byte> credentials = stackalloc byte[12];
            socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, credentials);
            var pid = BinaryPrimitives.ReadInt32LittleEndian(credentials);
            // A socket made by somebody for the service, as systemd does, names that somebody, whom we must not signal.
            return IsSuite(pid) ? ProcessStat.Read(pid) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static bool IsSuite(int pid)
    {
        if (pid <= 1)
            return false;
        try
        {
            // " (deleted)" follows when the executable was replaced while it ran.
            var name = Path.GetFileName(new FileInfo($"/proc/{pid}/exe").LinkTarget) ?? "";
            return name.StartsWith("suite-", StringComparison.Ordinal) || name.StartsWith("dotnet", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
