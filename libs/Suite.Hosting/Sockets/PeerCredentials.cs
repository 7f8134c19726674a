using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Suite.Hosting.Sockets;

/// <summary>
/// Who is at the other end of a unix socket, as the kernel recorded it at connect(2). Found in the features of a connection and of
/// each of its requests. The process may have ended or called exec(2) since: good for an audit log and a check of the user, no more.
/// </summary>
public sealed record PeerCredentials(int ProcessId, uint UserId, uint GroupId)
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;

    /// <summary>socket(7), SO_PEERCRED: struct ucred { pid_t pid; uid_t uid; gid_t gid; }.</summary>
    internal static PeerCredentials Of(Socket socket)
    {
        Span<byte> ucred = stackalloc byte[12];
        socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, ucred);
        var words = MemoryMarshal.Cast<byte, int>(ucred);
        return new PeerCredentials(words[0], (uint)words[1], (uint)words[2]);
    }

    public override string ToString() => $"uid {UserId} pid {ProcessId}";
}
