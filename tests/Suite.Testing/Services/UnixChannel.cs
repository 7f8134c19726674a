using System.Net.Sockets;
using Grpc.Net.Client;

namespace Suite.Testing.Services;

/// <summary>gRPC over a unix socket.</summary>
public static class UnixChannel
{
    /// <param name="largest">Bytes of a message that is taken; null: as many as gRPC takes by itself.</param>
    public static GrpcChannel To(string socketPath, int? largest = null)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true };
        if (largest is not null)
            options.MaxReceiveMessageSize = largest;
        return GrpcChannel.ForAddress("http://localhost", options);
    }
}
