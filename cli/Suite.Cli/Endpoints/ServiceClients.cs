using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Suite.Cli.Endpoints;

/// <summary>Clients of the four services, for calls side by side as well. Each connection is made by its first call.</summary>
internal sealed class ServiceClients(SocketFolder sockets) : IDisposable
{
    private readonly Dictionary<string, GrpcChannel> _channels = [];

    public Container.V1.Containers.ContainersClient Containers => new(To(sockets.Runtime));

    public global::Runtime.V1.RuntimeService.RuntimeServiceClient Cri => new(To(sockets.Runtime));

    public Container.V1.Volumes.VolumesClient Volumes => new(To(sockets.Runtime));

    public Graph.V1.Images.ImagesClient Images => new(To(sockets.Image));

    public Graph.V1.Graph.GraphClient Graph => new(To(sockets.Image));

    public Network.V1.Network.NetworkClient Network => new(To(sockets.Network));

    public Registry.V1.Registry.RegistryClient Registry => new(To(sockets.Registry));

    public Health.HealthClient Health(string socket) => new(To(socket));

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
            channel.Dispose();
    }

    private GrpcChannel To(string socket)
    {
        lock (_channels)
        {
            if (!_channels.TryGetValue(socket, out var channel))
                _channels.Add(socket, channel = UnixConnection.Open(socket));
            return channel;
        }
    }
}
