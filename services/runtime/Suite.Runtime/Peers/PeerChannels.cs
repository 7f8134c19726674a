using Suite.Hosting;
using Suite.Hosting.Clients;

namespace Suite.Runtime.Peers;

/// <summary>The connections to the services beside this one. Made at the first call, and anew after a restart of the other side.</summary>
internal sealed class PeerChannels(SuitePaths paths) : IDisposable
{
    public ServiceChannel Image { get; } = ServiceChannel.Connect(paths.SocketPath("image"));

    public ServiceChannel Network { get; } = ServiceChannel.Connect(paths.SocketPath("network"));

    public void Dispose()
    {
        Image.Dispose();
        Network.Dispose();
    }
}
