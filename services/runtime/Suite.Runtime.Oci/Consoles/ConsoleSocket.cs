using Suite.Linux.Errors;
using Suite.Linux.Handles;
using Suite.Runtime.Exec.Wire;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Suite.Runtime.Oci.Consoles;

/// <summary>The socket of --console-socket: it is sent the terminal's master, with a name as the message, and closed.</summary>
internal static unsafe class ConsoleSocket
{
    // struct sockaddr_un: a family of two bytes, a path of 108 (unix(7)).
    private const int PathSize = 108;

    public static void Send(string path, int master)
    {
        var connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connection < 0)
            throw new ErrnoException("make a socket", errno);
        try
        {
            Connect(connection, path);
            FdMessage.Send(connection, "/dev/ptmx"u8, [master]);
        }
        finally
        {
            Descriptor.Close(connection);
        }
    }

    private static void Connect(int connection, string path)
    {
        var name = Descriptor.Path(path);
        var address = stackalloc byte[2 + PathSize];
        *(ushort*)address = (ushort)AF_UNIX;
        if (name.Length > PathSize)
            throw new ErrnoException($"connect to the console socket {path}", ErrnoNames.ENAMETOOLONG);
        name.CopyTo(new Span<byte>(address + 2, PathSize));
        if (connect(connection, (sockaddr*)address, (uint)(2 + name.Length)) != 0)
            throw new ErrnoException($"connect to the console socket {path}", errno);
    }
}
