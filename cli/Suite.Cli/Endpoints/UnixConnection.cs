using System.Net.Sockets;
using Grpc.Net.Client;
using Suite.Linux.Errors;

namespace Suite.Cli.Endpoints;

/// <summary>gRPC over a unix socket.</summary>
internal static class UnixConnection
{
    public static GrpcChannel Open(string path)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken),
            UseProxy = false,
        };
        return GrpcChannel.ForAddress(
            "http://localhost",
            new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = 64 << 20 });
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new SuiteException(ErrorKind.Unavailable, Sentence(path, e), e);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // sun_path of unix(7) has 108 bytes.
            socket.Dispose();
            throw new SuiteException(
                ErrorKind.InvalidArgument, $"cannot use the socket {path}: its path is longer than the 107 bytes that Linux allows", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Sentence(string path, SocketException e)
    {
        var service = $"suite-{Path.GetFileNameWithoutExtension(path)}";
        return e.SocketErrorCode switch
        {
            SocketError.AccessDenied => $"cannot connect to {service} on {path}: permission denied; run suite as root, for example with sudo",
            SocketError.ConnectionRefused => $"cannot connect to {service} on {path}: nobody listens there; start the services with \"suite up\"",
            _ when !File.Exists(path) => $"cannot connect to {service}: there is no socket {path}; start the services with \"suite up\"",
            _ => $"cannot connect to {service} on {path}: {e.Message}",
        };
    }
}
